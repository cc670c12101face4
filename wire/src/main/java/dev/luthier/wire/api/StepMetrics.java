package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;

/// The figures of one step; a figure that was not measured is left out.
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record StepMetrics(
    int step,
    Optional<Integer> totalSteps,
    Optional<Double> trainLoss,
    Optional<Double> trainMeanTokenAccuracy,
    Optional<Double> validLoss,
    Optional<Double> validMeanTokenAccuracy,
    Optional<Double> fullValidLoss,
    Optional<Double> fullValidMeanTokenAccuracy) {}
