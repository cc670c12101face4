package dev.luthier.app.bases;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Serves a hub's paths: `/{owner}/{name}/resolve/{revision}/{file}` redirects to `/store/{file}`,
/// which knows ranges. A file can be made to break off once, to be held back, or to lie about its
/// hash.
final class HubStandIn implements AutoCloseable {
  final Map<String, byte[]> files = new ConcurrentHashMap<>();
  final Map<String, String> claimedSha256 = new ConcurrentHashMap<>();
  final Map<String, Integer> breakOffOnceAt = new ConcurrentHashMap<>();
  final Map<String, Integer> heldOnceAt = new ConcurrentHashMap<>();

  /// Let those go on that are held.
  final CountDownLatch goOn = new CountDownLatch(1);

  final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  HubStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::repository);
    server.createContext("/store/", this::store);
    server.setExecutor(threads);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void repository(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    requests.add(path);
    if (!path.equals("/owner/tiny/resolve/main/" + name) || !files.containsKey(name)) {
      exchange.sendResponseHeaders(404, -1);
    } else {
      exchange.getResponseHeaders().add("Location", "/store/" + name);
      String sha256 = claimedSha256.get(name);
      if (sha256 != null) {
        exchange.getResponseHeaders().add("X-Linked-Etag", '"' + sha256 + '"');
      }
      exchange.sendResponseHeaders(302, -1);
    }
    exchange.close();
  }

  private void store(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    byte[] bytes = Objects.requireNonNull(files.get(name));
    String range = exchange.getRequestHeaders().getFirst("Range");
    requests.add(path + (range == null ? "" : " " + range));
    int from =
        range == null
            ? 0
            : Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
    exchange.getResponseHeaders().add("ETag", "\"v1-" + name + '"');
    exchange.sendResponseHeaders(range == null ? 200 : 206, bytes.length - from);
    Integer stop = breakOffOnceAt.remove(name);
    Integer hold = heldOnceAt.remove(name);
    if (hold != null) {
      exchange.getResponseBody().write(bytes, from, hold - from);
      exchange.getResponseBody().flush();
      await();
      exchange.close(); // Whoever waited for the rest has gone.
      return;
    }
    byte[] sent = Arrays.copyOfRange(bytes, from, stop == null ? bytes.length : stop);
    exchange.getResponseBody().write(sent);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  private void await() {
    try {
      goOn.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    goOn.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
