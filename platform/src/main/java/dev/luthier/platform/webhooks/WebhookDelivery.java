package dev.luthier.platform.webhooks;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/// One event on its way to one endpoint.
///
/// @param id the same in every try, so that a receiver knows a repetition
/// @param body as it is sent, byte by byte
/// @param nextAt when it is tried next; empty when it is not
/// @param attempts from the first on
public record WebhookDelivery(
    String id,
    String endpointId,
    String type,
    String body,
    Instant createdAt,
    State state,
    Optional<Instant> nextAt,
    List<Attempt> attempts) {

  /// Where it stands.
  public enum State {
    PENDING,
    DELIVERED,
    FAILED;

    /// As the API writes it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static State of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /// A try.
  ///
  /// @param status that was answered
  /// @param error why nothing was
  public record Attempt(Instant at, long millis, OptionalInt status, Optional<String> error) {
    boolean succeeded() {
      return status.isPresent() && status.getAsInt() / 100 == 2;
    }
  }

  public WebhookDelivery {
    attempts = List.copyOf(attempts);
  }
}
