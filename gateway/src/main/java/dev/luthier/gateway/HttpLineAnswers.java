package dev.luthier.gateway;

import dev.luthier.platform.batches.LineAnswers;
import dev.luthier.platform.chat.CallOrigin;
import dev.luthier.wire.HttpClients;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Asks what a batch's line asks as any client would, by a request to the server itself: a line and
/// a user who sends the same get the same answer, checked by the same code.
public final class HttpLineAnswers implements LineAnswers, AutoCloseable {
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofHours(2);

  private final URI server;
  private final String key;
  private final HttpClient http;

  /// @param server its address, without `/v1`
  public HttpLineAnswers(URI server, String key) {
    this.server = server;
    this.key = key;
    this.http = HttpClients.of(server, CONNECT_WITHIN);
  }

  @Override
  public Answer ask(String endpoint, JsonNode body) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(server.resolve(endpoint))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .header(CallOrigin.BATCH_HEADER, "1")
            .timeout(ANSWER_WITHIN)
            .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
            .build();
    try {
      var response = http.send(request, BodyHandlers.ofByteArray());
      return new Answer(
          response.statusCode(),
          response.headers().firstValue("x-request-id").orElse(""),
          Json.tree(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException("the server does not answer " + endpoint, e);
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
