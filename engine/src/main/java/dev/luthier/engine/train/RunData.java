package dev.luthier.engine.train;

/// The rows of a run, by what they are trained for.
public sealed interface RunData permits TrainingData, PreferenceData, ReinforcementData {
  /// How many there are to train on; at least one.
  int rows();

  /// How many there are to measure with.
  int validationRows();
}
