package dev.luthier.engine.train;

import java.util.List;

/// The rows of a run; `validation` may be empty.
public record TrainingData(List<TrainingExample> training, List<TrainingExample> validation) {
  public TrainingData {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (training.isEmpty()) {
      throw new IllegalArgumentException("no rows to train on");
    }
  }
}
