package dev.luthier.platform.webhooks;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who is told of events.
///
/// @param updatedAt of its settings or its secret
/// @param secret that signs what it is told, `whsec_…`
/// @param earlier secret that signs beside it for a while
public record WebhookEndpoint(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String name,
    URI url,
    List<String> eventTypes,
    String secret,
    Optional<EarlierSecret> earlier) {
  public static final String ID_PATTERN = "we_[A-Za-z0-9]{16,40}";

  /// A secret that was replaced.
  public record EarlierSecret(String secret, Instant until) {}

  public WebhookEndpoint {
    eventTypes = List.copyOf(eventTypes);
  }

  /// Enough of the secret to know it again.
  public String secretHint() {
    return WebhookSignature.PREFIX + "…" + secret.substring(secret.length() - 4);
  }

  /// The secrets that sign at an instant, the newest first.
  List<String> secrets(Instant now) {
    return earlier
        .filter(old -> now.isBefore(old.until()))
        .map(old -> List.of(secret, old.secret()))
        .orElse(List.of(secret));
  }

  @Override
  public String toString() {
    return "WebhookEndpoint[" + id + ", secret hidden]";
  }
}
