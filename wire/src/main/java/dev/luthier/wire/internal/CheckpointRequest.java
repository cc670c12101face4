package dev.luthier.wire.internal;

import java.util.Map;
import java.util.Objects;

/// `POST job/checkpoints/{step}`: publishes the adapter whose files were uploaded before; the
/// server compares each with the sha256 (hex) given here.
public record CheckpointRequest(int epoch, StepMetrics metrics, Map<String, String> files) {
  public CheckpointRequest {
    Check.atLeast("epoch", epoch, 1);
    Objects.requireNonNull(metrics, "metrics");
    files = Map.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("files must name at least one file, but is empty");
    }
    files.forEach((name, sha256) -> Check.sha256("files." + name, sha256));
  }
}
