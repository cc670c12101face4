package dev.luthier.platform.jobs;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/// The figures of one optimizer step.
///
/// @param step counts from 1 to `totalSteps`
/// @param validLoss over a part of the validation file, about every tenth step
/// @param fullValidLoss over the whole validation file, at the end of an epoch
/// @param measures what only the job's method has, by the names that events show them under
/// @param effort empty for steps of an earlier version of the program
public record StepMetricsRecord(
    int step,
    int totalSteps,
    double trainLoss,
    double trainMeanTokenAccuracy,
    OptionalDouble validLoss,
    OptionalDouble validMeanTokenAccuracy,
    OptionalDouble fullValidLoss,
    OptionalDouble fullValidMeanTokenAccuracy,
    Map<String, Double> measures,
    Optional<Effort> effort) {
  /// The measure that steps have whose answers were rewarded.
  public static final String TRAIN_REWARD = "train_mean_reward";

  /// The measure of steps after which answers to the whole validation file were rewarded.
  public static final String HELD_OUT_REWARD = "full_valid_mean_reward";

  /// What details of graders and of time have in their names, and other measures have not.
  private static final String DETAIL = "\t";

  /// The measures that can be told side by side: without the details of graders and of time.
  public Map<String, Double> figures() {
    return measures.entrySet().stream()
        .filter(measure -> !measure.getKey().contains(DETAIL))
        .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// One of the measures.
  public Optional<Double> measure(String name) {
    return Optional.ofNullable(measures.get(name));
  }

  /// Whether it is a step of reinforcement.
  public boolean isRewarded() {
    return measures.containsKey(TRAIN_REWARD);
  }

  /// The same with other measures.
  public StepMetricsRecord with(Map<String, Double> other) {
    return new StepMetricsRecord(
        step,
        totalSteps,
        trainLoss,
        trainMeanTokenAccuracy,
        validLoss,
        validMeanTokenAccuracy,
        fullValidLoss,
        fullValidMeanTokenAccuracy,
        other,
        effort);
  }

  /// What a step took, which the dashboard draws and the API does not tell.
  ///
  /// @param tokens fed in this step, and `seconds` its wall time
  public record Effort(double learningRate, double gradientNorm, long tokens, double seconds) {}

  public StepMetricsRecord {
    if (step < 1 || step > totalSteps) {
      throw new IllegalArgumentException("step " + step + " is not one of 1 to " + totalSteps);
    }
    measures = Map.copyOf(measures);
  }

  /// Without measures, and without what the step took.
  public StepMetricsRecord(
      int step,
      int totalSteps,
      double trainLoss,
      double trainMeanTokenAccuracy,
      OptionalDouble validLoss,
      OptionalDouble validMeanTokenAccuracy,
      OptionalDouble fullValidLoss,
      OptionalDouble fullValidMeanTokenAccuracy) {
    this(
        step,
        totalSteps,
        trainLoss,
        trainMeanTokenAccuracy,
        validLoss,
        validMeanTokenAccuracy,
        fullValidLoss,
        fullValidMeanTokenAccuracy,
        Map.of(),
        Optional.empty());
  }

  /// Of a step without validation.
  public static StepMetricsRecord training(int step, int totalSteps, double loss, double accuracy) {
    return new StepMetricsRecord(
        step,
        totalSteps,
        loss,
        accuracy,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.empty());
  }
}
