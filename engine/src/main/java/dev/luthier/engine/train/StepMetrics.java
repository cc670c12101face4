package dev.luthier.engine.train;

import java.util.Optional;

/// What a step was like. Steps and epochs count from 1; `tokens` are the step's tokens, targets or
/// not; `gradientNorm` is the one before clipping; `validation` is one validation batch,
/// `fullValidation` all of them, at the end of an epoch.
public record StepMetrics(
    int step,
    int totalSteps,
    int epoch,
    LossAndAccuracy train,
    Optional<LossAndAccuracy> validation,
    Optional<LossAndAccuracy> fullValidation,
    double learningRate,
    double gradientNorm,
    long tokens,
    double seconds) {}
