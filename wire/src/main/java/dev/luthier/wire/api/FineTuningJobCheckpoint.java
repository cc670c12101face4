package dev.luthier.wire.api;

/// An adapter saved at the end of an epoch, callable under its own model name.
public record FineTuningJobCheckpoint(
    String object,
    String id,
    long createdAt,
    String fineTunedModelCheckpoint,
    String fineTuningJobId,
    StepMetrics metrics,
    int stepNumber) {}
