package dev.luthier.http.api;

import dev.luthier.platform.jobs.StepMetricsRecord;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// The data of a reinforcement step's event, by OpenAI's names as far as it has any.
final class RewardedStep {
  /// Names that the API writes without saying that they are of training.
  private static final Map<String, String> NAMES =
      Map.of(
          "train_completion_tokens_mean", "completion_tokens_mean",
          "train_mean_unresponsive_rewards", "mean_unresponsive_rewards");

  private RewardedStep() {}

  static Map<String, Object> data(StepMetricsRecord step) {
    var data = new LinkedHashMap<String, Object>();
    data.put("step", step.step());
    data.put("total_steps", step.totalSteps());
    new TreeMap<>(step.measures())
        .forEach((name, mean) -> data.put(NAMES.getOrDefault(name, name), mean));
    var scores = new LinkedHashMap<String, Object>();
    step.measure(StepMetricsRecord.TRAIN_REWARD)
        .ifPresent(mean -> scores.put("train_reward_mean", mean));
    step.measure(StepMetricsRecord.HELD_OUT_REWARD)
        .ifPresent(mean -> scores.put("valid_reward_mean", mean));
    data.put("scores", scores);
    return data;
  }
}
