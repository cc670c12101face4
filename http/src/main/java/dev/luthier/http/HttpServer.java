package dev.luthier.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.util.JavalinException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening server: HTTP/1.1 on virtual threads, with the headers and the error envelope that
/// every answer carries. What it answers is said by [Routes].
public final class HttpServer implements AutoCloseable {

  /// Jetty's own 8 KiB mean thousands of turns for the adapter that a trainer sends at each epoch.
  private static final int INPUT_BUFFER_BYTES = 64 << 10;

  /// Those that accept and select, a few to spare.
  private static final int PLATFORM_THREADS_MAX = 32;

  private static final int PLATFORM_THREADS_MIN = 2;

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
    config.jetty.threadPool = threads();
    config.jetty.modifyHttpConfiguration(http -> http.setSendServerVersion(false));
    config.jetty.addConnector((server, http) -> connector(server, http, settings));
    config.jetty.modifyServer(server -> modify(server, settings));
  }

  /// Requests are handled on virtual threads, but connections are watched by a platform thread: a
  /// virtual one that selects is woken by a poller on a poller, four threads for each request, and
  /// each takes a processor from the training beside it.
  private static ThreadPool threads() {
    var threads = new QueuedThreadPool(PLATFORM_THREADS_MAX, PLATFORM_THREADS_MIN);
    threads.setName("http");
    threads.setReservedThreads(0);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory()));
    return threads;
  }

  private static Connector connector(Server server, HttpConfiguration http, HttpSettings settings) {
    var protocol = new HttpConnectionFactory(http);
    protocol.setInputBufferSize(INPUT_BUFFER_BYTES);
    var connector = new ServerConnector(server, protocol);
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    return connector;
  }

  private static void modify(Server server, HttpSettings settings) {
    server.setStopTimeout(settings.stopPatience().toMillis());
    server.setHandler(new GracefulHandler());
    server.setErrorHandler(new UnroutedErrors());
  }
}
