package dev.luthier.wire.api;

import java.util.List;
import java.util.Optional;

/// An event on its way to a webhook endpoint. Times are Unix seconds.
public record WebhookDeliveryObject(
    String id,
    String object,
    String eventType,
    String status,
    long createdAt,
    Optional<Long> nextAttemptAt,
    List<Attempt> attempts) {

  /// A try.
  public record Attempt(
      long attemptedAt, long milliseconds, Optional<Integer> statusCode, Optional<String> error) {}
}
