package dev.luthier.engine.train;

import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.tensor.Precision;

/// All that decides a run's numbers, apart from the rows and the base.
///
/// `learningRate` is the peak; `warmupSteps` climb to it, then it falls linearly to 0. A validation
/// batch is computed every `validationEverySteps` steps.
public record TrainingSettings(
    int epochs,
    int batchSize,
    double learningRate,
    int warmupSteps,
    double maxGradientNorm,
    LoraSettings lora,
    long seed,
    Precision precision,
    int validationEverySteps) {
  public static final double LEARNING_RATE_LORA = 1e-3;
  public static final int VALIDATION_EVERY_STEPS = 10;

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

  /// The defaults for so many rows: peak 1e-3 times the multiplier, warm-up by [#warmupFor],
  /// clipping at 1.
  public static TrainingSettings standard(
      int rows,
      int epochs,
      int batchSize,
      double learningRateMultiplier,
      long seed,
      Precision precision) {
    long total = (long) epochs * stepsPerEpoch(rows, batchSize);
    return new TrainingSettings(
        epochs,
        batchSize,
        LEARNING_RATE_LORA * learningRateMultiplier,
        warmupFor(total),
        1.0,
        LoraSettings.standard(),
        seed,
        precision,
        VALIDATION_EVERY_STEPS);
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
