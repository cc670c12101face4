package dev.luthier.worker.server;

import dev.luthier.engine.weights.Sha256;
import dev.luthier.wire.HttpClients;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.EnrolAnswer;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.ErrorAnswer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/// Calls of one worker to its server. Thread safe.
///
/// A call is repeated while the server is away (no connection, no answer in time, 5xx) until its
/// [Patience] ends; every request of the protocol may therefore arrive twice. Each method throws
/// [FencedException], [RefusedException] or [ServerAwayException]; an interrupt ends the wait.
public final class ServerClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServerClient.class);
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);
  private static final Duration FILE_WITHIN = Duration.ofMinutes(5);
  private static final int REFUSAL_MAX = 2_000;

  private final HttpClient http;
  private final URI root;
  private final Optional<String> token;
  private final Patience patience;

  private ServerClient(HttpClient http, URI root, Optional<String> token, Patience patience) {
    this.http = http;
    this.root = root;
    this.token = token;
    this.patience = patience;
  }

  /// A client that may only [#enrol].
  ///
  /// @param server the server's URL, ending in `/`
  public static ServerClient open(URI server, Patience patience) {
    HttpClient http = HttpClients.of(server, CONNECT_WITHIN);
    return new ServerClient(http, server.resolve("internal/v1/"), Optional.empty(), patience);
  }

  /// Trades the enrolment code for a token and returns the client that uses it; this one stays the
  /// owner of the connections.
  public ServerClient enrol(EnrolRequest enrolment) throws InterruptedException {
    EnrolAnswer answer = post("enrol", enrolment, EnrolAnswer.class);
    return new ServerClient(http, root, Optional.of(answer.token()), patience);
  }

  /// This client with another patience.
  public ServerClient with(Patience other) {
    return new ServerClient(http, root, token, other);
  }

  public <T> T get(String path, Class<T> type) throws InterruptedException {
    return read(path, send(request(path).GET(), ANSWER_WITHIN, text()), type);
  }

  public void post(String path, Object body) throws InterruptedException {
    send(request(path).POST(json(body)), ANSWER_WITHIN, text());
  }

  public <T> T post(String path, Object body, Class<T> type) throws InterruptedException {
    return read(path, send(request(path).POST(json(body)), ANSWER_WITHIN, text()), type);
  }

  /// The same for what may take long.
  public <T> T post(String path, Object body, Class<T> type, Duration within)
      throws InterruptedException {
    return read(path, send(request(path).POST(json(body)), within, text()), type);
  }

  /// Uploads a file; the answer means that its bytes are durable at the server.
  public void put(String path, Path file) throws IOException, InterruptedException {
    try {
      BodyPublisher body = BodyPublishers.ofFile(file);
      send(
          request(path)
              .header("Content-Type", "application/octet-stream")
              // A refusal comes before the bytes are sent instead of breaking the connection.
              .expectContinue(true)
              .PUT(body),
          FILE_WITHIN,
          text());
    } catch (FileNotFoundException e) {
      throw new IOException("cannot upload " + file + ": the file is gone", e);
    }
  }

  /// Fetches a file to `target`, which appears whole or not at all.
  ///
  /// @return false if the server has no such file
  public boolean fetch(String path, Path target) throws IOException, InterruptedException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    HttpResponse<Path> answer = send(request(path).GET(), FILE_WITHIN, BodyHandlers.ofFile(part));
    if (answer.statusCode() == 404) {
      Files.deleteIfExists(part);
      return false;
    }
    Optional<String> promised = answer.headers().firstValue("Luthier-Sha256");
    String arrived = Sha256.of(part);
    if (promised.filter(sum -> !sum.equals(arrived)).isPresent()) {
      Files.delete(part);
      throw new IOException(
          "%s arrived damaged: its sha256 is %s, but the server names %s"
              .formatted(path, arrived, promised.get()));
    }
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(root.resolve(path));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private static BodyPublisher json(Object body) {
    return BodyPublishers.ofByteArray(Json.bytes(body));
  }

  private static BodyHandler<String> text() {
    return BodyHandlers.ofString(StandardCharsets.UTF_8);
  }

  private <T> T read(String path, HttpResponse<String> answer, Class<T> type) {
    if (answer.statusCode() == 404) {
      throw refused(path, answer);
    }
    try {
      return Json.read(answer.body(), type);
    } catch (JacksonException e) {
      throw new RefusedException(
          "The server's answer to %s is no %s: %s"
              .formatted(path, type.getSimpleName(), e.getOriginalMessage()));
    }
  }

  /// Sends until the server has decided; answers with 2xx, or 404 for the caller to judge.
  private <T> HttpResponse<T> send(
      HttpRequest.Builder builder, Duration within, BodyHandler<T> handler)
      throws InterruptedException {
    HttpRequest request = builder.timeout(within).build();
    String call = request.method() + " " + root.relativize(request.uri());
    long start = System.nanoTime();
    for (int attempt = 1; ; attempt++) {
      IOException failure;
      try {
        HttpResponse<T> answer = http.send(request, handler);
        if (!isAway(answer.statusCode())) {
          return decided(call, answer);
        }
        failure = new IOException("status " + answer.statusCode());
      } catch (IOException e) {
        failure = e;
      }
      Duration wait = patience.wait(attempt);
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (waited.plus(wait).compareTo(patience.total()) > 0) {
        throw new ServerAwayException(call, patience.total(), failure);
      }
      LOG.warn("{} failed ({}); trying again in {} ms", call, failure, wait.toMillis());
      Thread.sleep(wait);
    }
  }

  private static boolean isAway(int status) {
    return status >= 500 || status == 408 || status == 429;
  }

  private static <T> HttpResponse<T> decided(String call, HttpResponse<T> answer) {
    return switch (answer.statusCode()) {
      case 200, 201, 204, 404 -> answer;
      case 401, 409, 410 -> throw new FencedException("%s: %s".formatted(call, refusal(answer)));
      default -> throw refused(call, answer);
    };
  }

  private static RefusedException refused(String call, HttpResponse<?> answer) {
    return new RefusedException(
        "%s was refused with status %d: %s".formatted(call, answer.statusCode(), refusal(answer)));
  }

  private static String refusal(HttpResponse<?> answer) {
    String body = answer.body() instanceof String text ? text : "(not read)";
    try {
      return Json.read(body, ErrorAnswer.class).error().message();
    } catch (JacksonException e) {
      return body.substring(0, Math.min(body.length(), REFUSAL_MAX));
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
