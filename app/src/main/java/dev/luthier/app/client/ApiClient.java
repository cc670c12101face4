package dev.luthier.app.client;

import dev.luthier.wire.HttpClients;
import dev.luthier.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Says requests of the public API and reads the answers as trees: like any client it ignores
/// fields it does not know. Safe for many threads.
public final class ApiClient {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofMinutes(5);
  private static final int ERROR_BYTES_MAX = 1 << 16;

  private final URI base;
  private final String key;
  private final HttpClient http;

  /// A client of one server.
  ///
  /// @param base the server's address, with or without `/v1`
  public ApiClient(URI base, String key) {
    String text = base.toString().replaceAll("/+$", "");
    this.base = URI.create(text.endsWith("/v1") ? text.substring(0, text.length() - 3) : text);
    this.key = key;
    this.http = HttpClients.of(base, CONNECT);
  }

  public URI base() {
    return base;
  }

  /// Whether a server answers there now.
  public boolean healthy() {
    HttpRequest request = HttpRequest.newBuilder(base.resolve("/health")).timeout(CONNECT).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    } catch (InterruptedException interrupt) {
      throw interrupted(interrupt);
    }
  }

  /// Reads one object or list.
  ///
  /// @param path below `/v1/`, or from the root when it begins with a slash; its parts already
  ///   encoded by [#part]
  public JsonNode get(String path) {
    return tree(send(request(path).GET()));
  }

  public JsonNode delete(String path) {
    return tree(send(request(path).DELETE()));
  }

  public JsonNode post(String path, Object body) {
    return tree(send(json(path, "POST", body)));
  }

  public JsonNode put(String path, Object body) {
    return tree(send(json(path, "PUT", body)));
  }

  public JsonNode upload(Path file, String purpose) {
    try {
      String boundary = "luthier-" + Long.toHexString(System.nanoTime()) + "-boundary";
      Multipart form = Multipart.upload(file, purpose, boundary);
      return tree(
          send(request("files").header("Content-Type", form.contentType()).POST(form.body())));
    } catch (java.io.FileNotFoundException missing) {
      throw new ApiFailure(
          ApiFailure.UNREACHABLE, file + " does not exist or cannot be read.", missing);
    }
  }

  /// Copies an answer's bytes as they are.
  public void copy(String path, OutputStream to) throws IOException {
    try (InputStream body = send(request(path).GET())) {
      body.transferTo(to);
    }
  }

  /// Hands over each event of a stream until `[DONE]`.
  public void stream(String path, Object body, Consumer<JsonNode> events) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(send(json(path, "POST", body)), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.equals("data: [DONE]")) {
          return;
        }
        if (line.startsWith("data: ")) {
          JsonNode event = Json.tree(line.substring("data: ".length()));
          if (event.has("error")) {
            throw new ApiFailure(500, event.at("/error/message").asString());
          }
          events.accept(event);
        }
      }
    }
    throw new ApiFailure(ApiFailure.UNREACHABLE, "The answer broke off; the server has gone.");
  }

  /// An id as one part of a path.
  public static String part(String id) {
    return URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private HttpRequest.Builder json(String path, String method, Object body) {
    return request(path)
        .header("Content-Type", "application/json")
        .method(method, BodyPublishers.ofByteArray(Json.bytes(body)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + (path.startsWith("/") ? path : "/v1/" + path)))
        .timeout(ANSWER)
        .header("Authorization", "Bearer " + key);
  }

  private InputStream send(HttpRequest.Builder request) {
    try {
      HttpResponse<InputStream> answer = http.send(request.build(), BodyHandlers.ofInputStream());
      if (answer.statusCode() / 100 != 2) {
        throw refusal(answer);
      }
      return answer.body();
    } catch (IOException failure) {
      throw new ApiFailure(
          ApiFailure.UNREACHABLE,
          "No server answers at " + base + "; start one by `luthier serve`.",
          failure);
    } catch (InterruptedException interrupt) {
      throw interrupted(interrupt);
    }
  }

  private ApiFailure refusal(HttpResponse<InputStream> answer) throws IOException {
    int status = answer.statusCode();
    String text;
    try (InputStream body = answer.body()) {
      text = new String(body.readNBytes(ERROR_BYTES_MAX), StandardCharsets.UTF_8);
    }
    String message = message(text);
    String remedy =
        status == 401
            ? " The command line takes the key of the server on this data folder, else"
                + " LUTHIER_API_KEY, else OPENAI_API_KEY."
            : "";
    return new ApiFailure(status, message + " (" + status + " from " + base + ")" + remedy);
  }

  private static String message(String text) {
    try {
      String message = Json.tree(text).at("/error/message").asString("");
      return message.isEmpty() ? "The server refused without a reason" : message;
    } catch (JacksonException _) {
      return "The server refused: " + text.strip();
    }
  }

  private static JsonNode tree(InputStream body) {
    try (body) {
      return Json.tree(body.readAllBytes());
    } catch (IOException | JacksonException failure) {
      throw new ApiFailure(ApiFailure.UNREACHABLE, "The answer broke off; ask again.", failure);
    }
  }

  private static ApiFailure interrupted(InterruptedException interrupt) {
    Thread.currentThread().interrupt();
    return new ApiFailure(ApiFailure.UNREACHABLE, "Interrupted.", interrupt);
  }
}
