package dev.luthier.platform.jobs;

import java.util.Optional;

/// The knobs of all training: three numbers, of which an empty one means `"auto"`, and what
/// OpenAI's API lacks.
public record Hyperparameters(
    Optional<Integer> epochs,
    Optional<Integer> batchSize,
    Optional<Double> learningRateMultiplier,
    Extensions extensions) {

  public static final Hyperparameters AUTO =
      new Hyperparameters(Optional.empty(), Optional.empty(), Optional.empty());

  /// Without extensions.
  public Hyperparameters(
      Optional<Integer> epochs,
      Optional<Integer> batchSize,
      Optional<Double> learningRateMultiplier) {
    this(epochs, batchSize, learningRateMultiplier, Extensions.NONE);
  }

  /// The same numbers with other extensions.
  public Hyperparameters with(Extensions others) {
    return new Hyperparameters(epochs, batchSize, learningRateMultiplier, others);
  }

  /// Whether all three are numbers.
  public boolean resolved() {
    return epochs.isPresent() && batchSize.isPresent() && learningRateMultiplier.isPresent();
  }
}
