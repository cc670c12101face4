package dev.luthier.engine.train;

import java.util.List;

/// Rows whose targets are learned; `validation` may be empty.
public record TrainingData(List<TrainingExample> training, List<TrainingExample> validation)
    implements RunData {
  public TrainingData {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (training.isEmpty()) {
      throw new IllegalArgumentException("no rows to train on");
    }
  }

  @Override
  public int rows() {
    return training.size();
  }

  @Override
  public int validationRows() {
    return validation.size();
  }
}
