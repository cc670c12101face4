package dev.luthier.platform.inference;

import java.time.Duration;

/// Sees to one inference process a base. Safe for many threads.
@SuppressWarnings({"DoNotCallSuggester", "UnusedVariable"}) // Bodies follow.
public final class InferenceDesk implements AutoCloseable {
  /// What the process of this token is to serve.
  public InferenceJob job(String token) {
    throw new UnsupportedOperationException(token);
  }

  public void register(String token, Registration registration) {
    throw new UnsupportedOperationException(token + registration);
  }

  public InferenceDirective heartbeat(String token) {
    throw new UnsupportedOperationException(token);
  }

  /// The process of this base; starts one when there is none and waits for it, at most `wait`. An
  /// `ApiException` of status 503 when it does not come.
  public Endpoint endpoint(String baseId, Duration wait) {
    throw new UnsupportedOperationException(baseId + wait);
  }

  /// The caller could not reach this endpoint: the next [#endpoint] gives another.
  public void unreachable(Endpoint endpoint) {
    throw new UnsupportedOperationException(endpoint.toString());
  }

  /// Starts the process of this base ahead of the first request, without waiting.
  public void warm(String baseId) {
    throw new UnsupportedOperationException(baseId);
  }

  /// Stops all inference processes.
  @Override
  public void close() {}
}
