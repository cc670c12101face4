package dev.luthier.app.cli;

import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.text.rows.RowKind;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// How `luthier tune` is to train: the options that become a job's hyperparameters.
final class TrainingOptions {
  @Mixin private MethodOptions rows = new MethodOptions();

  @Option(
      names = "--beta",
      paramLabel = "X",
      description = "with --method dpo: how closely the model is held to what it was (usual: 0.1)")
  private Optional<Double> beta = Optional.empty();

  @Option(
      names = "--compute-multiplier",
      paramLabel = "X",
      description = "with --method reinforcement: answers a prompt are 8 times this (usual: 1)")
  private Optional<Double> computeMultiplier = Optional.empty();

  @Option(names = "--epochs", paramLabel = "N", description = "passes over the rows")
  private Optional<Integer> epochs = Optional.empty();

  @Option(names = "--batch-size", paramLabel = "N", description = "rows a step")
  private Optional<Integer> batchSize = Optional.empty();

  @Option(
      names = "--learning-rate-multiplier",
      paramLabel = "X",
      description = "1 is the usual learning rate")
  private Optional<Double> learningRateMultiplier = Optional.empty();

  @Option(
      names = "--warmup-ratio",
      paramLabel = "X",
      description = "share of the steps in which the learning rate climbs")
  private Optional<Double> warmupRatio = Optional.empty();

  @Option(
      names = "--early-stopping",
      paramLabel = "N",
      description = "end after N epochs in a row without a better validation loss")
  private Optional<Integer> patience = Optional.empty();

  @Option(
      names = "--min-delta",
      paramLabel = "X",
      description = "with --early-stopping: lower by more than X is better (default: 0)")
  private Optional<Double> minDelta = Optional.empty();

  @Option(
      names = "--keep",
      paramLabel = "last|best",
      description = "best: the model is the epoch's with the lowest validation loss")
  private Optional<String> keep = Optional.empty();

  @Option(
      names = "--weights",
      paramLabel = "adapter|full",
      description = "full: train all of the base's own weights")
  private Optional<String> weights = Optional.empty();

  @Option(names = "--lora-rank", paramLabel = "N", description = "the adapter's rank (usual: 16)")
  private Optional<Integer> loraRank = Optional.empty();

  @Option(
      names = "--lora-alpha",
      paramLabel = "X",
      description = "its scale is alpha / rank (usual: twice the rank)")
  private Optional<Double> loraAlpha = Optional.empty();

  @Option(names = "--lora-dropout", paramLabel = "X", description = "its dropout (usual: 0)")
  private Optional<Double> loraDropout = Optional.empty();

  boolean isReinforcement() {
    return rows.isReinforcement();
  }

  /// What the rows are for.
  RowKind kind() {
    return rows.kind();
  }

  /// Before anything is read: options that do not go together.
  void refuseOdd() throws IOException {
    rows.refuseOdd();
    if (isReinforcement() && rows.grader().isMissingNode()) {
      throw new CliException(
          ExitCode.USAGE, "--method reinforcement needs --grader, a file with one JSON object.");
    }
    if (computeMultiplier.isPresent() && !isReinforcement()) {
      throw new CliException(
          ExitCode.USAGE,
          "--compute-multiplier belongs to --method reinforcement, which is missing.");
    }
    if (beta.isPresent() && !rows.isDpo()) {
      throw new CliException(ExitCode.USAGE, "--beta belongs to --method dpo, which is missing.");
    }
    if (minDelta.isPresent() && patience.isEmpty()) {
      throw new CliException(
          ExitCode.USAGE, "--min-delta belongs to --early-stopping, which is missing.");
    }
  }

  /// The method with its numbers, as the API takes it.
  Map<String, Object> methodJson() throws IOException {
    Map<String, Object> section = new LinkedHashMap<>();
    if (isReinforcement()) {
      section.put("grader", rows.grader());
    }
    section.put("hyperparameters", json());
    return Map.of("type", rows.name(), rows.name(), section);
  }

  /// What a check and an estimate go by.
  TrainingMethod method() throws IOException {
    Hyperparameters numbers =
        new Hyperparameters(epochs, batchSize, learningRateMultiplier)
            .with(
                Extensions.ofWeights(
                    weights.filter("full"::equals).map(_ -> Extensions.Weights.FULL)));
    return rows.method(numbers, beta, computeMultiplier);
  }

  /// What was not said is not there.
  private Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    epochs.ifPresent(number -> json.put("n_epochs", number));
    batchSize.ifPresent(number -> json.put("batch_size", number));
    learningRateMultiplier.ifPresent(number -> json.put("learning_rate_multiplier", number));
    beta.ifPresent(number -> json.put("beta", number));
    computeMultiplier.ifPresent(number -> json.put("compute_multiplier", number));
    warmupRatio.ifPresent(share -> json.put("warmup_ratio", share));
    patience.ifPresent(epochsMax ->
        json.put(
            "early_stopping", Map.of("patience", epochsMax, "min_delta", minDelta.orElse(0.0))));
    keep.ifPresent(which -> json.put("keep", which));
    weights.ifPresent(which -> json.put("weights", which));
    loraRank.ifPresent(number -> json.put("lora_rank", number));
    loraAlpha.ifPresent(number -> json.put("lora_alpha", number));
    loraDropout.ifPresent(share -> json.put("lora_dropout", share));
    return json;
  }
}
