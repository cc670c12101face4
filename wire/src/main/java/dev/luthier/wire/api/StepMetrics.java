package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Map;
import java.util.Optional;

/// The figures of one step; a figure that was not measured is left out. `measures` stand beside the
/// others, by their own names.
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record StepMetrics(
    int step,
    Optional<Integer> totalSteps,
    Optional<Double> trainLoss,
    Optional<Double> trainMeanTokenAccuracy,
    Optional<Double> validLoss,
    Optional<Double> validMeanTokenAccuracy,
    Optional<Double> fullValidLoss,
    Optional<Double> fullValidMeanTokenAccuracy,
    @JsonAnyGetter Map<String, Double> measures) {}
