package dev.luthier.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.luthier.platform.webhooks.WebhookReach;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Against a real HTTP server.
@Timeout(30)
class SocketWebhookTransportTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(300);

  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          received.add(
              "%s %s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      String.valueOf(exchange.getRequestHeaders().getFirst("webhook-id")),
                      new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          if (exchange.getRequestURI().getPath().equals("/away")) {
            exchange.getResponseHeaders().add("Location", url("/elsewhere").toString());
            exchange.sendResponseHeaders(302, -1);
          } else {
            exchange.sendResponseHeaders(202, -1);
          }
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI url(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  private static SocketWebhookTransport transport(Duration within) {
    return new SocketWebhookTransport(WebhookReach.PRIVATE, within);
  }

  @Test
  void whatIsSentArrivesWhole() throws IOException {
    int status =
        transport(LONG).post(url("/hook?a=b%20c"), Map.of("webhook-id", "wh_1"), "{\"ä\":1}");
    assertEquals(202, status);
    assertEquals(List.of("POST /hook?a=b%20c wh_1 {\"ä\":1}"), received);
  }

  @Test
  void aRedirectionIsNotFollowed() throws IOException {
    assertEquals(302, transport(LONG).post(url("/away"), Map.of(), "{}"));
    assertEquals(1, received.size());
  }

  @Test
  void aRefusedAddressIsNotCalled() {
    for (var url : List.of("http://169.254.169.254/", "http://8.8.8.8/", "https://0.0.0.0/")) {
      assertThrows(
          IOException.class, () -> transport(LONG).post(URI.create(url), Map.of(), "{}"), url);
    }
  }

  @Test
  void whoNeverAnswersIsLeft() throws IOException {
    try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      var url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");
      var failure =
          assertThrows(IOException.class, () -> transport(SHORT).post(url, Map.of(), "{}"));
      assertTrue(String.valueOf(failure.getMessage()).startsWith("no answer"));
    }
  }
}
