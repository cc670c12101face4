package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Precision;
import java.util.Optional;

/// All that decides a run's numbers, apart from the rows and the base.
///
/// `learningRate` is the peak; `warmupSteps` climb to it, then it falls linearly to 0. A validation
/// batch is computed every `validationEverySteps` steps. `earlyStopping` decides when a run ends,
/// and nothing about the steps until then.
public record TrainingSettings(
    int epochs,
    int batchSize,
    double learningRate,
    int warmupSteps,
    double maxGradientNorm,
    TrainingMethod method,
    long seed,
    Precision precision,
    int validationEverySteps,
    Optional<EarlyStopping> earlyStopping) {
  private static final double GRADIENT_NORM_MAX = 1.0;
  private static final int VALIDATION_EVERY_STEPS = 10;

  public TrainingSettings {
    atLeastOne("epochs", epochs);
    atLeastOne("batchSize", batchSize);
    atLeastOne("validationEverySteps", validationEverySteps);
    positive("learningRate", learningRate);
    positive("maxGradientNorm", maxGradientNorm);
    if (warmupSteps < 0) {
      throw new IllegalArgumentException("warmupSteps is %d".formatted(warmupSteps));
    }
  }

  /// Of a run that goes through all of its epochs.
  public TrainingSettings(
      int epochs,
      int batchSize,
      double learningRate,
      int warmupSteps,
      double maxGradientNorm,
      TrainingMethod method,
      long seed,
      Precision precision,
      int validationEverySteps) {
    this(
        epochs,
        batchSize,
        learningRate,
        warmupSteps,
        maxGradientNorm,
        method,
        seed,
        precision,
        validationEverySteps,
        Optional.empty());
  }

  /// What follows from so many rows: warm-up by [#warmupFor], clipping at 1.
  ///
  /// @param learningRate the peak
  public static TrainingSettings standard(
      int rows,
      int epochs,
      int batchSize,
      double learningRate,
      TrainingMethod method,
      long seed,
      Precision precision) {
    long total = (long) epochs * stepsPerEpoch(rows, batchSize);
    return new TrainingSettings(
        epochs,
        batchSize,
        learningRate,
        warmupFor(total),
        GRADIENT_NORM_MAX,
        method,
        seed,
        precision,
        VALIDATION_EVERY_STEPS);
  }

  /// The same with another warm-up and end.
  public TrainingSettings with(int warmup, Optional<EarlyStopping> end) {
    return new TrainingSettings(
        epochs,
        batchSize,
        learningRate,
        warmup,
        maxGradientNorm,
        method,
        seed,
        precision,
        validationEverySteps,
        end);
  }

  /// The same with another number of steps between two looks at validation rows.
  public TrainingSettings lookingEvery(int steps) {
    return new TrainingSettings(
        epochs,
        batchSize,
        learningRate,
        warmupSteps,
        maxGradientNorm,
        method,
        seed,
        precision,
        steps,
        earlyStopping);
  }

  public static int stepsPerEpoch(int rows, int batchSize) {
    return Math.ceilDiv(rows, batchSize);
  }

  /// None below 100 steps, else 3 in 100.
  public static int warmupFor(long totalSteps) {
    return totalSteps < 100 ? 0 : Math.toIntExact(totalSteps * 3 / 100);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("%s is %d; it must be at least 1".formatted(name, value));
    }
  }

  private static void positive(String name, double value) {
    if (!(value > 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("%s is %s; it must be positive".formatted(name, value));
    }
  }
}
