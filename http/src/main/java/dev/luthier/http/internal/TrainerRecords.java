package dev.luthier.http.internal;

import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.trainer.FinishReport;
import dev.luthier.platform.trainer.TrainerJob;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.GenerateRequest;
import dev.luthier.wire.internal.StepMetrics;
import dev.luthier.wire.internal.TrainerJob.EarlyStopping;
import dev.luthier.wire.internal.TrainerJob.Method;
import dev.luthier.wire.internal.TrainerJob.Trained;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/// The trainer's records, from the wire to the domain and back.
final class TrainerRecords {
  private static final String SCHEMA = "json_schema";

  private TrainerRecords() {}

  static dev.luthier.wire.internal.TrainerJob wire(TrainerJob job) {
    return new dev.luthier.wire.internal.TrainerJob(
        job.jobId(),
        job.attempt(),
        new BaseRef(job.baseId(), job.baseFolder().toString()),
        job.parentAdapter().map(Path::toString),
        method(job.method()),
        hyperparameters(job),
        job.seed(),
        job.hasValidationFile(),
        job.resumeStep().isPresent() ? Optional.of(job.resumeStep().getAsInt()) : Optional.empty());
  }

  private static dev.luthier.wire.internal.TrainerJob.Hyperparameters hyperparameters(
      TrainerJob job) {
    Extensions asked = job.method().hyperparameters().extensions();
    return new dev.luthier.wire.internal.TrainerJob.Hyperparameters(
        job.epochs(),
        job.batchSize(),
        job.learningRate(),
        asked.warmupRatio(),
        asked.earlyStopping().map(rule -> new EarlyStopping(rule.patience(), rule.minDelta())),
        asked.keepsBest(),
        asked.trainsAllWeights()
            ? new Trained.AllWeights()
            : new Trained.Adapter(asked.loraRank(), asked.loraAlpha(), asked.loraDropout()));
  }

  private static Method method(TrainingMethod method) {
    return switch (method) {
      case TrainingMethod.Supervised _ -> new Method.Supervised();
      case TrainingMethod.Dpo(_, var beta) -> new Method.Dpo(beta.orElseThrow());
      case TrainingMethod.Reinforcement(_, var sampling, var grading) ->
          new Method.Reinforcement(
              sampling.group(),
              sampling.evalInterval().orElseThrow(),
              sampling.evalSamples().orElseThrow(),
              TrainingMethod.Reinforcement.NEARNESS,
              TrainingMethod.Reinforcement.ANSWER_TOKENS_MAX,
              grading.responseFormat().flatMap(TrainerRecords::form));
    };
  }

  /// Of a `response_format` that was found good when the job was created.
  private static Optional<GenerateRequest.JsonForm> form(JsonNode format) {
    return switch (format.path("type").asString("")) {
      case "json_object" -> Optional.of(new GenerateRequest.JsonForm(Optional.empty(), true));
      case SCHEMA -> {
        JsonNode described = format.path(SCHEMA);
        yield Optional.of(
            new GenerateRequest.JsonForm(
                described.optional("schema").filter(JsonNode::isObject),
                described.path("strict").asBoolean(false)));
      }
      default -> Optional.empty();
    };
  }

  static StepMetricsRecord domain(StepMetrics metrics) {
    return new StepMetricsRecord(
        metrics.step(),
        metrics.totalSteps(),
        metrics.trainLoss(),
        metrics.trainMeanTokenAccuracy(),
        figure(metrics.validLoss()),
        figure(metrics.validMeanTokenAccuracy()),
        figure(metrics.fullValidLoss()),
        figure(metrics.fullValidMeanTokenAccuracy()),
        metrics.measures(),
        Optional.of(
            new StepMetricsRecord.Effort(
                metrics.learningRate(),
                metrics.gradientNorm(),
                metrics.tokens(),
                metrics.seconds())));
  }

  static FinishReport domain(FinishRequest request) {
    return switch (request.outcome()) {
      case SUCCEEDED -> new FinishReport.Succeeded(request.trainedTokens(), request.finalStep());
      case STOPPED -> new FinishReport.Stopped(request.finalStep());
      case FAILED ->
          new FinishReport.Failed(request.error().map(TrainerRecords::domain).orElseThrow());
    };
  }

  private static JobError domain(FinishRequest.Failure failure) {
    return new JobError(failure.code(), failure.message(), failure.param());
  }

  private static OptionalDouble figure(Optional<Double> value) {
    return value.isPresent() ? OptionalDouble.of(value.get()) : OptionalDouble.empty();
  }
}
