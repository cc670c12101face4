package dev.luthier.http.api;

import io.javalin.http.Context;
import java.util.Optional;

/// The header by which a client says that it may send a creation again.
final class IdempotencyKey {
  private IdempotencyKey() {}

  static Optional<String> of(Context context) {
    return Optional.ofNullable(context.header("Idempotency-Key")).filter(key -> !key.isBlank());
  }
}
