package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.platform.jobs.MetricsCsv;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.wire.Json;
import dev.luthier.wire.internal.StepDetail;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The names are those of the event that OpenAI's guide to reinforcement fine-tuning shows.
class RewardedStepTest {
  private final Map<String, Double> measures =
      new HashMap<>(
          Map.of(
              "train_mean_reward", 0.42,
              "train_completion_tokens_mean", 12.0,
              "train_mean_unresponsive_rewards", 0.0,
              "full_valid_mean_reward", 0.68,
              "full_valid_mean_parse_error", 0.0));

  private void judge(String what, double value) {
    put(StepDetail.GRADER, what, "score_model", "ft:judge:one", value);
  }

  private void put(String group, String what, String type, String model, double value) {
    measures.put(new StepDetail(group, what, type, model, type).measure(), value);
  }

  private void detailed() {
    judge("train_reward_mean", 0.447);
    judge("valid_reward_mean", 0.675);
    judge("train_prompt_tokens_mean", 241);
    judge("train_prompt_tokens_count", 120741);
    judge("train_cached_tokens_count", 7);
    judge("valid_completion_tokens_count", 2810);
    judge("train_sample_parse_error_mean", 0);
    judge("train_sample_parse_error_count", 0);
    judge("train_execution_latency_mean", 2.5);
    put(StepDetail.GRADER, "train_reward_mean", "string_check", "", 0.5);
    put(StepDetail.TIMING, "sampling", "", "", 1.5);
    put(StepDetail.TIMING, "full_iteration", "", "", 4);
  }

  @Test
  void detailsStandWhereOpenAiHasThem() {
    detailed();
    var step = StepMetricsRecord.training(10, 20, 1, 0.5).with(measures);
    assertEquals(
        Json.tree(
            """
            {"step": 10, "total_steps": 20, "train_mean_reward": 0.42, "completion_tokens_mean": 12.0,
             "mean_unresponsive_rewards": 0.0, "full_valid_mean_reward": 0.68,
             "full_valid_mean_parse_error": 0.0,
             "reasoning_tokens_mean": 0.0, "valid_reasoning_tokens_mean": 0.0,
             "scores": {
               "graders": [
                 {"name": "score_model", "type": "score_model", "model": "ft:judge:one",
                  "train_reward_mean": 0.447, "valid_reward_mean": 0.675},
                 {"name": "string_check", "type": "string_check", "train_reward_mean": 0.5}],
               "train_reward_mean": 0.42, "valid_reward_mean": 0.68},
             "errors": {"graders": [
                 {"name": "score_model", "type": "score_model", "model": "ft:judge:one",
                  "train_sample_parse_error_mean": 0.0, "train_sample_parse_error_count": 0.0}]},
             "usage": {
               "graders": [
                 {"name": "score_model", "type": "score_model", "model": "ft:judge:one",
                  "train_prompt_tokens_mean": 241.0, "train_prompt_tokens_count": 120741.0,
                  "valid_completion_tokens_count": 2810.0}],
               "samples": {
                 "train_reasoning_tokens_mean": 0.0, "train_reasoning_tokens_count": 0.0,
                 "valid_reasoning_tokens_mean": 0.0, "valid_reasoning_tokens_count": 0.0}},
             "timing": {
               "step": {"sampling": 1.5, "full_iteration": 4.0},
               "graders": [
                 {"name": "score_model", "type": "score_model", "model": "ft:judge:one",
                  "train_execution_latency_mean": 2.5}]},
             "model_graders_token_usage": {"ft:judge:one": {
                 "train_prompt_tokens": 120741, "train_cached_tokens": 7,
                 "eval_completion_tokens": 2810}}}
            """),
        Json.tree(Json.text(RewardedStep.data(step))));
  }

  @Test
  void detailsAreNoColumnsOfTheResultFile() {
    detailed();
    var step = StepMetricsRecord.training(1, 1, 1, 0.5).with(measures);
    assertEquals(
        "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy,"
            + "full_valid_mean_parse_error,full_valid_mean_reward,train_completion_tokens_mean,"
            + "train_mean_reward,train_mean_unresponsive_rewards",
        MetricsCsv.of(List.of(step)).lines().findFirst().orElseThrow());
  }
}
