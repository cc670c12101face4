package dev.luthier.wire.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A fine-tuning job, keys in the order of OpenAI's real answers. Times are Unix seconds.
///
/// `error` is null when there is none, because that is the only form every client takes for "no
/// error"; `hyperparameters` is always an object, because a null makes a client's getter throw.
public record FineTuningJob(
    String object,
    String id,
    String model,
    long createdAt,
    Optional<Long> finishedAt,
    Optional<String> fineTunedModel,
    String organizationId,
    List<String> resultFiles,
    String status,
    Optional<String> validationFile,
    String trainingFile,
    Hyperparameters hyperparameters,
    Optional<Long> trainedTokens,
    Optional<Failure> error,
    Optional<String> userProvidedSuffix,
    long seed,
    Optional<Long> estimatedFinish,
    List<Integration> integrations,
    Optional<Map<String, String>> metadata,
    Optional<Object> usageMetrics,
    boolean sharedWithOpenai,
    Optional<String> evalId,
    Method method) {

  public FineTuningJob {
    resultFiles = List.copyOf(resultFiles);
    integrations = List.copyOf(integrations);
  }

  /// The numbers that every method has.
  public record Hyperparameters(
      AutoOr<Integer> nEpochs,
      AutoOr<Integer> batchSize,
      AutoOr<Double> learningRateMultiplier,
      @JsonUnwrapped Extensions extensions) {}

  /// What OpenAI's API lacks: fields that are there when they were asked for.
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Extensions(
      Optional<EarlyStopping> earlyStopping,
      Optional<String> keep,
      Optional<String> weights,
      Optional<Integer> loraRank,
      Optional<Double> loraAlpha,
      Optional<Double> loraDropout,
      Optional<Double> warmupRatio) {}

  public record EarlyStopping(int patience, double minDelta) {}

  /// Why a job failed, in words and as a code; `param` names the request's field at fault.
  public record Failure(String code, String message, Optional<String> param) {}

  /// The training method with its settings, under its own name.
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Method(
      String type,
      Optional<Supervised> supervised,
      Optional<Dpo> dpo,
      Optional<Reinforcement> reinforcement) {}

  /// An integration as it was asked for.
  public record Integration(
      String type, @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Wandb> wandb) {}

  public record Wandb(
      String project,
      Optional<String> name,
      Optional<String> entity,
      List<String> tags,
      Optional<String> runId) {}

  public record Supervised(Hyperparameters hyperparameters) {}

  public record Dpo(DpoHyperparameters hyperparameters) {}

  public record DpoHyperparameters(
      AutoOr<Integer> nEpochs,
      AutoOr<Integer> batchSize,
      AutoOr<Double> learningRateMultiplier,
      AutoOr<Double> beta,
      @JsonUnwrapped Extensions extensions) {}

  /// `grader` and `responseFormat` are as the request had them.
  public record Reinforcement(
      Object grader,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Object> responseFormat,
      ReinforcementHyperparameters hyperparameters) {}

  public record ReinforcementHyperparameters(
      AutoOr<Integer> nEpochs,
      AutoOr<Integer> batchSize,
      AutoOr<Double> learningRateMultiplier,
      String reasoningEffort,
      AutoOr<Double> computeMultiplier,
      AutoOr<Integer> evalInterval,
      AutoOr<Integer> evalSamples) {}
}
