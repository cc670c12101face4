package dev.luthier.platform.jobs;

import java.time.Instant;

/// One line of a job's story. `sequence` grows by one with every event of the job and is its order;
/// times may be equal.
public record JobEvent(
    String id,
    String jobId,
    long sequence,
    Instant createdAt,
    EventLevel level,
    String message,
    EventData data) {

  /// `metrics` or `message`.
  public String type() {
    return data instanceof EventData.Metrics ? "metrics" : "message";
  }
}
