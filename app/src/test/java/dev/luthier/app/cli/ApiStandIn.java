package dev.luthier.app.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// Answers what a test laid down for a method and path, and remembers what was asked.
final class ApiStandIn implements AutoCloseable {
  static final String KEY = "sk-test";

  /// One request: `GET /v1/models`, and its body.
  record Asked(String line, String body) {}

  private record Answer(int status, String body) {}

  final List<Asked> asked = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final HttpServer server;

  ApiStandIn() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    on("GET /health", 200, "{}");
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  void on(String line, int status, String body) {
    answers.put(line, new Answer(status, body));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    asked.add(new Asked(line, body));
    Answer answer =
        answers.getOrDefault(
            line, new Answer(404, "{\"error\":{\"message\":\"no " + line + "\"}}"));
    String key = exchange.getRequestHeaders().getFirst("Authorization");
    if (line.contains("/v1/") && !("Bearer " + KEY).equals(key)) {
      answer = new Answer(401, "{\"error\":{\"message\":\"Incorrect API key provided\"}}");
    }
    byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(answer.status(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
