package dev.luthier.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening server: HTTP/1.1 on virtual threads, with the headers and the error envelope that
/// every answer carries. What it answers is said by [Routes].
public final class HttpServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);

  private final Javalin javalin;

  /// Makes the server and its routes; [#start] makes it listen. `random` draws request ids.
  public HttpServer(
      HttpSettings settings, List<Routes> routes, Clock clock, RandomGenerator random) {
    javalin =
        Javalin.create(config -> {
          configure(config, settings);
          new CommonHeaders(clock, random).addTo(config.routes);
          new ErrorMapper().addTo(config.routes);
          new UnreadBodies(clock).addTo(config.routes);
          routes.forEach(some -> some.addTo(config.routes));
        });
  }

  /// Starts to listen. Throws Javalin's bind exception when the port is taken.
  public void start() {
    javalin.start();
  }

  /// The port it listens on.
  public int port() {
    return javalin.port();
  }

  /// Takes no new requests, lets running ones end for as long as the settings say, then cuts them
  /// off and stops.
  @Override
  public void close() {
    try {
      javalin.stop();
    } catch (JavalinException impatient) {
      LOG.warn("requests that were still running have been cut off ({})", impatient.getMessage());
    }
  }

  private static void configure(JavalinConfig config, HttpSettings settings) {
    config.concurrency.useVirtualThreads = true;
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.prefer405over404 = true;
    // Bodies are read by JsonBody and UploadReader, which have limits of their own.
    config.http.maxRequestSize = Long.MAX_VALUE;
    // A compressing stream would hold tokens back.
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.jetty.host = settings.host();
    config.jetty.port = settings.port();
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.jetty.modifyServer(server -> modify(server, settings));
  }

  private static void modify(Server server, HttpSettings settings) {
    server.setStopTimeout(settings.stopPatience().toMillis());
    server.setHandler(new GracefulHandler());
    server.setErrorHandler(new UnroutedErrors());
  }
}
