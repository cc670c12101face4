package dev.luthier.platform.jobs;

import java.time.Instant;

/// An epoch's adapter, callable under `modelName` as soon as this row exists.
///
/// @param modelName ends in `:ckpt-step-N`, but for that which is the fine-tune itself: `last`
/// @param last whether it is the fine-tune: the last epoch's, or that which was chosen at the end
/// @param listed whether the public list shows it: the last three epochs of a succeeded job, or the
///   three that were rewarded most, and the fine-tune
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
