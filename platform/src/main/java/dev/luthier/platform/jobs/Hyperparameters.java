package dev.luthier.platform.jobs;

import java.util.Optional;

/// The three knobs of all training; an empty one means `"auto"`.
public record Hyperparameters(
    Optional<Integer> epochs,
    Optional<Integer> batchSize,
    Optional<Double> learningRateMultiplier) {

  public static final Hyperparameters AUTO =
      new Hyperparameters(Optional.empty(), Optional.empty(), Optional.empty());

  /// Whether all three are numbers.
  public boolean resolved() {
    return epochs.isPresent() && batchSize.isPresent() && learningRateMultiplier.isPresent();
  }
}
