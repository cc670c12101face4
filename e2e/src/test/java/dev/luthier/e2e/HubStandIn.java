package dev.luthier.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// A model hub on this machine: serves the files of one imported base under the paths of the real
/// one, knows ranges, and holds the weights back at the places it is told, once each.
final class HubStandIn implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  /// Ranges that were asked for, in order.
  final List<String> ranges = new CopyOnWriteArrayList<>();

  private final Path base;
  private final String tokenizerConfig;
  private final List<Long> holds;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  /// @param holdsAt bytes of the weights after which nothing more comes, until the client has gone
  HubStandIn(Path base, String tokenizerConfig, List<Long> holdsAt) throws IOException {
    this.base = base;
    this.tokenizerConfig = tokenizerConfig;
    this.holds = new CopyOnWriteArrayList<>(holdsAt);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    try (exchange) {
      if (name.equals("tokenizer_config.json")) {
        byte[] bytes = tokenizerConfig.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
      } else if (path.startsWith("/HuggingFaceTB/") && Files.isRegularFile(base.resolve(name))) {
        send(exchange, base.resolve(name));
      } else {
        exchange.sendResponseHeaders(404, -1);
      }
    }
  }

  private void send(HttpExchange exchange, Path file) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    long at = 0;
    if (range != null) {
      ranges.add(range);
      at = Long.parseLong(range.replaceAll("\\D", ""));
    }
    exchange.getResponseHeaders().add("ETag", "\"v1\"");
    exchange.sendResponseHeaders(range == null ? 200 : 206, Files.size(file) - at);
    boolean weights = file.endsWith("model.safetensors");
    try (InputStream in = Files.newInputStream(file)) {
      in.skipNBytes(at);
      byte[] buffer = new byte[PIECE];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        exchange.getResponseBody().write(buffer, 0, n);
        at += n;
        if (weights && !holds.isEmpty() && at >= holds.getFirst()) {
          exchange.getResponseBody().flush();
          holds.removeFirst();
          wait60();
          return;
        }
      }
    }
  }

  private void wait60() {
    try {
      closed.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
