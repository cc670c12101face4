package dev.luthier.engine.train;

/// What decides a reinforcement run's numbers beside its [TrainingSettings].
///
/// @param group answers that are drawn to a prompt and compared with one another
/// @param evaluations answers that are drawn to a validation prompt
/// @param nearness what a divergence of 1 from the model at the beginning costs, in rewards of one
///   standard deviation
public record ReinforcementSettings(int group, int evaluations, double nearness) {
  public ReinforcementSettings {
    if (group < 2) {
      throw new IllegalArgumentException(
          "a group of %d answers; at least 2 can be compared".formatted(group));
    }
    if (evaluations < 1 || !(nearness >= 0)) {
      throw new IllegalArgumentException(
          "%d evaluations and a nearness of %s".formatted(evaluations, nearness));
    }
  }
}
