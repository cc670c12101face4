package dev.luthier.engine.train;

import java.util.List;

/// Prompts whose answers are drawn from the model itself and rewarded; `validation` may be empty.
public record ReinforcementData(
    List<Prompt> training,
    List<Prompt> validation,
    ReinforcementSettings settings,
    Answering answering,
    Rewards rewards)
    implements RunData {
  public ReinforcementData {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (training.isEmpty()) {
      throw new IllegalArgumentException("no prompts to train on");
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
