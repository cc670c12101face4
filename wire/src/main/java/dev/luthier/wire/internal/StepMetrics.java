package dev.luthier.wire.internal;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What one optimizer step brought. Losses are means over supervised tokens in nats; accuracies lie
/// in 0..1.
///
/// @param step counted from 1
/// @param epoch counted from 1
/// @param measures what only the job's method has, by the names that the API shows
/// @param tokens tokens fed in this step, padding left out
/// @param seconds wall time of the step
public record StepMetrics(
    int step,
    int totalSteps,
    int epoch,
    double trainLoss,
    double trainMeanTokenAccuracy,
    Optional<Double> validLoss,
    Optional<Double> validMeanTokenAccuracy,
    Optional<Double> fullValidLoss,
    Optional<Double> fullValidMeanTokenAccuracy,
    Map<String, Double> measures,
    double learningRate,
    double gradientNorm,
    long tokens,
    double seconds) {
  public StepMetrics {
    Check.atLeast("step", step, 1);
    Check.atLeast("total_steps", totalSteps, step);
    Check.atLeast("epoch", epoch, 1);
    measures = Map.copyOf(measures);
    Objects.requireNonNull(validLoss, "valid_loss");
    Objects.requireNonNull(validMeanTokenAccuracy, "valid_mean_token_accuracy");
    Objects.requireNonNull(fullValidLoss, "full_valid_loss");
    Objects.requireNonNull(fullValidMeanTokenAccuracy, "full_valid_mean_token_accuracy");
  }
}
