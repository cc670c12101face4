package dev.luthier.wire.internal;

import java.util.Objects;

/// `GET inference`: what an inference process is to serve.
public record InferenceSpec(BaseRef base) {
  public InferenceSpec {
    Objects.requireNonNull(base, "base");
  }
}
