package dev.luthier.gateway;

import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.inference.Endpoint;
import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.wire.HttpClients;
import dev.luthier.wire.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Generates in the base's inference process, over the internal protocol.
///
/// A process that cannot be reached is replaced and asked again, as long as the sink has heard
/// nothing; after that its end is a failure. Leaving early (a sink that throws, an interrupt)
/// closes the connection, by which the process learns of it.
public final class HttpInference implements Inference, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpInference.class);
  private static final int ATTEMPTS = 4;
  private static final Duration CONNECT_WITHIN = Duration.ofSeconds(5);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(30);

  private final Endpoints endpoints;
  private final Duration startWithin;
  private final HttpClient http;

  /// Asks the processes that `desk` keeps.
  ///
  /// @param startWithin how long a request waits for a process that is starting
  public HttpInference(InferenceDesk desk, Duration startWithin) {
    this(Endpoints.of(desk), startWithin);
  }

  HttpInference(Endpoints endpoints, Duration startWithin) {
    this.endpoints = endpoints;
    this.startWithin = startWithin;
    this.http = HttpClients.plain(CONNECT_WITHIN);
  }

  @Override
  public void generate(GenerationCall call, GenerationSink sink) {
    byte[] body = Json.bytes(GenerationRecords.wire(call));
    String base = call.model().base().id();
    Optional<Endpoint> suspect = Optional.empty();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Endpoint endpoint = endpoints.endpoint(base, startWithin);
      EventReader events = new EventReader(sink);
      try {
        converse(endpoint, body, events);
        return;
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw cancelled(e);
        }
        if (events.isBegun()) {
          LOG.warn("{} broke off in mid-answer", endpoint, e);
          throw unavailable("The process of model '" + base + "' ended while it answered");
        }
        LOG.warn("{} did not answer (attempt {} of {}): {}", endpoint, attempt, ATTEMPTS, e);
        // A pooled connection may have gone stale; only a second failure speaks against the
        // process.
        if (suspect.filter(endpoint::equals).isPresent()) {
          endpoints.unreachable(endpoint);
        }
        suspect = Optional.of(endpoint);
      }
    }
    throw unavailable("The process of model '" + base + "' cannot be reached");
  }

  /// One try; returns when the last word was said.
  private void converse(Endpoint endpoint, byte[] body, EventReader events) throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.url().resolve("generate"))
            .header("Authorization", "Bearer " + endpoint.token())
            .header("Content-Type", "application/json")
            .timeout(ANSWER_WITHIN)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    HttpResponse<InputStream> response;
    try {
      response = http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw cancelled(e);
    }
    try (var lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        throw new IOException("status " + response.statusCode() + ": " + lines.readLine());
      }
      events.read(lines);
    }
  }

  private static ApiException unavailable(String what) {
    return new ApiException(
        ErrorCode.UNAVAILABLE, what + "; try again in a moment.", Optional.empty());
  }

  private static CancellationException cancelled(Exception cause) {
    var cancelled = new CancellationException("interrupted while a model answered");
    cancelled.initCause(cause);
    return cancelled;
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
