package dev.luthier.wire.api;

import java.util.Optional;

/// What every refusal looks like: all four keys, always, `code` last.
public record ErrorEnvelope(Body error) {
  public record Body(String message, String type, Optional<String> param, Optional<String> code) {}
}
