package dev.luthier.wire.api;

import java.util.Optional;

/// One event of a job. `type` is `message` or `metrics`; `data` is an empty object, the step's
/// [StepMetrics], or null.
public record FineTuningJobEvent(
    String object,
    String id,
    long createdAt,
    String level,
    String type,
    String message,
    Optional<Object> data) {}
