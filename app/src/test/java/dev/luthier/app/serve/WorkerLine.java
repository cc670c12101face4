package dev.luthier.app.serve;

import dev.luthier.wire.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import tools.jackson.databind.JsonNode;

/// Says requests of the internal protocol with one token, and shows whatever comes back.
record WorkerLine(HttpClient http, URI server, String token) {
  WorkerLine as(String otherToken) {
    return new WorkerLine(http, server, otherToken);
  }

  HttpResponse<byte[]> get(String path) throws IOException, InterruptedException {
    return say("GET", path, BodyPublishers.noBody());
  }

  HttpResponse<byte[]> post(String path, Object body) throws IOException, InterruptedException {
    return say("POST", path, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  HttpResponse<byte[]> put(String path, byte[] body) throws IOException, InterruptedException {
    return say("PUT", path, BodyPublishers.ofByteArray(body));
  }

  private HttpResponse<byte[]> say(String method, String path, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    URI uri = server.resolve(path.startsWith("/") ? path : "/internal/v1/" + path);
    var request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60)).method(method, body);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  static JsonNode json(HttpResponse<byte[]> answer) {
    return Json.tree(answer.body());
  }
}
