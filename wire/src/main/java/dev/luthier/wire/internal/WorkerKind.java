package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonProperty;

/// What a worker process is for; the enrolment code decides it, not the process.
public enum WorkerKind {
  @JsonProperty("trainer")
  TRAINER,
  @JsonProperty("inference")
  INFERENCE
}
