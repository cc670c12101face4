package dev.luthier.platform.jobs;

import java.time.Instant;

/// An epoch's adapter, callable under `modelName` as soon as this row exists.
///
/// @param modelName ends in `:ckpt-step-N`, but for the last epoch's, which is the fine-tune's own
/// @param listed whether the public list shows it: the last three epochs of a succeeded job
public record Checkpoint(
    String id,
    String jobId,
    Instant createdAt,
    String modelName,
    String baseId,
    String adapterId,
    int stepNumber,
    int epoch,
    StepMetricsRecord metrics,
    boolean last,
    boolean listed) {}
