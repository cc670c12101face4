package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/// The answer to `POST inference/heartbeat`.
public record InferenceHeartbeatAnswer(Directive directive) {
  public InferenceHeartbeatAnswer {
    Objects.requireNonNull(directive, "directive");
  }

  /// `REGISTER`: the server was started anew and has lost the address; tell it again.
  public enum Directive {
    @JsonProperty("continue")
    CONTINUE,
    @JsonProperty("register")
    REGISTER
  }
}
