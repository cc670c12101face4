package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Objects;

/// What the server wants of a trainer that has just reported its step.
public record HeartbeatAnswer(Directive directive) {
  public HeartbeatAnswer {
    Objects.requireNonNull(directive, "directive");
  }

  /// `STOP`: save the resume state, report `stopped`, exit.
  public enum Directive {
    @JsonProperty("continue")
    CONTINUE,
    @JsonProperty("stop")
    STOP
  }
}
