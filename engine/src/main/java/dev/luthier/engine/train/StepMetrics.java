package dev.luthier.engine.train;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What a step was like. Steps and epochs count from 1; `tokens` are the step's tokens, targets or
/// not; `gradientNorm` is the one before clipping; `validation` is one validation batch,
/// `fullValidation` all of them, at the end of an epoch; `measures` are means that only the run's
/// method has, by names that begin with `train_`, `valid_` or `full_valid_`.
public record StepMetrics(
    int step,
    int totalSteps,
    int epoch,
    LossAndAccuracy train,
    Optional<LossAndAccuracy> validation,
    Optional<LossAndAccuracy> fullValidation,
    Map<String, Double> measures,
    double learningRate,
    double gradientNorm,
    long tokens,
    double seconds) {
  public StepMetrics {
    measures = Map.copyOf(measures);
  }

  /// The same with more measures.
  public StepMetrics telling(Map<String, Double> more) {
    var all = new TreeMap<>(measures);
    all.putAll(more);
    return new StepMetrics(
        step,
        totalSteps,
        epoch,
        train,
        validation,
        fullValidation,
        all,
        learningRate,
        gradientNorm,
        tokens,
        seconds);
  }
}
