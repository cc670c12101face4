package dev.luthier.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sets up logging without a file to parse: a worker writes to standard error, which its launcher
/// keeps; a command writes nothing until [#toFile] is called.
public final class LogConfigurator extends ContextAwareBase implements Configurator {
  private static final String PATTERN =
      "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level [%thread] %logger{20}: %msg%n%ex";
  private static final long FILE_BYTES_MAX = 20_000_000;
  private static final int OLD_FILES_MAX = 3;

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    quietLibraries(context);
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    if (System.getenv("LUTHIER_LAUNCH") == null) {
      root.setLevel(Level.OFF);
    } else {
      ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
      console.setContext(context);
      console.setTarget("System.err");
      console.setEncoder(encoder(context));
      console.start();
      root.setLevel(Level.INFO);
      root.addAppender(console);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// From now on log lines of `level` and above go to `file`, which is turned over at 20 MB.
  public static void toFile(Path file, String level) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(file.toString());
    appender.setEncoder(encoder(context));
    SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
    size.setContext(context);
    size.setMaxFileSize(new FileSize(FILE_BYTES_MAX));
    size.start();
    appender.setTriggeringPolicy(size);
    FixedWindowRollingPolicy window = new FixedWindowRollingPolicy();
    window.setContext(context);
    window.setParent(appender);
    window.setFileNamePattern(file + ".%i");
    window.setMaxIndex(OLD_FILES_MAX);
    window.start();
    appender.setRollingPolicy(window);
    appender.start();
    ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.toLevel(level, Level.INFO));
    root.addAppender(appender);
  }

  private static void quietLibraries(LoggerContext context) {
    for (String library :
        new String[] {"org.eclipse.jetty", "io.javalin", "com.zaxxer", "ai.djl"}) {
      context.getLogger(library).setLevel(Level.WARN);
    }
  }

  private static PatternLayoutEncoder encoder(LoggerContext context) {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern(PATTERN);
    encoder.start();
    return encoder;
  }
}
