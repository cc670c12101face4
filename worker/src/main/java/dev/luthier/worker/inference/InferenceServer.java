package dev.luthier.worker.inference;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Listens on a free loopback port; one virtual thread a request. All but `GET health` asks for the
/// token.
final class InferenceServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(InferenceServer.class);

  private final byte[] authorization;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  /// Answers an exchange or throws; the exchange is closed afterwards.
  @FunctionalInterface
  interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  InferenceServer(String token, Handler generate) throws IOException {
    // Read once, when the first server is made: without it each token waits for an acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> status(exchange, 404));
    server.createContext("/health", exchange -> status(exchange, 200));
    server.createContext("/generate", exchange -> guarded(exchange, generate));
    server.start();
  }

  URI url() {
    return URI.create(
        "http://%s:%d/"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  private void guarded(HttpExchange exchange, Handler handler) {
    try (exchange) {
      String given =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
      if (!MessageDigest.isEqual(authorization, given.getBytes(StandardCharsets.UTF_8))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (!exchange.getRequestMethod().equals("POST")) {
        exchange.sendResponseHeaders(405, -1);
      } else {
        handler.handle(exchange);
      }
    } catch (IOException e) {
      LOG.info("a caller has left: {}", e.getMessage());
    } catch (RuntimeException e) {
      LOG.error("a request failed", e);
    }
  }

  private static void status(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
