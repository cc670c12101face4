package dev.luthier.http.api;

import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.wire.internal.StepDetail;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The data of a reinforcement step's event, by OpenAI's names as far as it has any.
final class RewardedStep {
  /// Names that the API writes without saying that they are of training.
  private static final Map<String, String> NAMES =
      Map.of(
          "train_completion_tokens_mean", "completion_tokens_mean",
          "train_mean_unresponsive_rewards", "mean_unresponsive_rewards");

  private static final String TOKENS = "_tokens_count";
  private static final String CACHED = "cached_tokens_count";

  private final StepMetricsRecord step;
  private final Map<StepDetail, Double> details = new LinkedHashMap<>();

  private RewardedStep(StepMetricsRecord step) {
    this.step = step;
    new TreeMap<>(step.measures())
        .forEach(
            (name, value) -> StepDetail.read(name).ifPresent(detail -> details.put(detail, value)));
  }

  static Map<String, Object> data(StepMetricsRecord step) {
    return new RewardedStep(step).data();
  }

  private Map<String, Object> data() {
    var data = new LinkedHashMap<String, Object>();
    data.put("step", step.step());
    data.put("total_steps", step.totalSteps());
    new TreeMap<>(step.figures())
        .forEach((name, mean) -> data.put(NAMES.getOrDefault(name, name), mean));
    // Models here do not reason apart from their answers.
    data.put("reasoning_tokens_mean", 0.0);
    isLook().ifPresent(_ -> data.put("valid_reasoning_tokens_mean", 0.0));
    data.put("scores", scores());
    data.put("errors", Map.of("graders", graders(what -> what.contains("_error_"))));
    data.put("usage", usage());
    data.put("timing", timing());
    data.put("model_graders_token_usage", modelTokens());
    return data;
  }

  private Optional<Double> isLook() {
    return step.measure(StepMetricsRecord.HELD_OUT_REWARD);
  }

  private Map<String, Object> scores() {
    var scores = new LinkedHashMap<String, Object>();
    scores.put("graders", graders(what -> what.endsWith("_reward_mean")));
    step.measure(StepMetricsRecord.TRAIN_REWARD)
        .ifPresent(mean -> scores.put("train_reward_mean", mean));
    isLook().ifPresent(mean -> scores.put("valid_reward_mean", mean));
    return scores;
  }

  private Map<String, Object> usage() {
    var samples = new LinkedHashMap<String, Object>();
    samples.put("train_reasoning_tokens_mean", 0.0);
    samples.put("train_reasoning_tokens_count", 0.0);
    isLook()
        .ifPresent(_ -> {
          samples.put("valid_reasoning_tokens_mean", 0.0);
          samples.put("valid_reasoning_tokens_count", 0.0);
        });
    var usage = new LinkedHashMap<String, Object>();
    usage.put("graders", graders(what -> what.contains("_tokens_") && !what.endsWith(CACHED)));
    usage.put("samples", samples);
    return usage;
  }

  private Map<String, Object> timing() {
    var seconds = new LinkedHashMap<String, Object>();
    details.forEach((detail, value) -> {
      if (detail.group().equals(StepDetail.TIMING)) {
        seconds.put(detail.what(), value);
      }
    });
    var timing = new LinkedHashMap<String, Object>();
    timing.put("step", seconds);
    timing.put("graders", graders(what -> what.endsWith("_execution_latency_mean")));
    return timing;
  }

  /// An entry for each grader that has such figures.
  private List<Map<String, Object>> graders(Predicate<String> which) {
    var entries = new TreeMap<String, Map<String, Object>>();
    details.forEach((detail, value) -> {
      if (detail.group().equals(StepDetail.GRADER) && which.test(detail.what())) {
        entries.computeIfAbsent(detail.name(), _ -> entry(detail)).put(detail.what(), value);
      }
    });
    return List.copyOf(entries.values());
  }

  private static Map<String, Object> entry(StepDetail detail) {
    var entry = new LinkedHashMap<String, Object>();
    entry.put("name", detail.name());
    entry.put("type", detail.type());
    if (!detail.model().isEmpty()) {
      entry.put("model", detail.model());
    }
    return entry;
  }

  /// The same tokens by model; those of looks are called `eval` here.
  private Map<String, Map<String, Long>> modelTokens() {
    var models = new TreeMap<String, Map<String, Long>>();
    details.forEach((detail, value) -> {
      if (!detail.model().isEmpty() && detail.what().endsWith(TOKENS)) {
        String what = detail.what().replace("valid_", "eval_").replace("_count", "");
        models
            .computeIfAbsent(detail.model(), _ -> new TreeMap<>())
            .merge(what, Math.round(value), Long::sum);
      }
    });
    return models;
  }
}
