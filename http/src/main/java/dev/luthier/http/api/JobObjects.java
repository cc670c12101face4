package dev.luthier.http.api;

import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.wire.api.FineTuningJob;
import dev.luthier.wire.api.FineTuningJobCheckpoint;
import dev.luthier.wire.api.FineTuningJobEvent;
import dev.luthier.wire.api.StepMetrics;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// Jobs, events and checkpoints as the API shows them.
final class JobObjects {
  private JobObjects() {}

  static FineTuningJob job(Job job) {
    return new FineTuningJob(
        "fine_tuning.job",
        job.id(),
        job.model(),
        job.createdAt().getEpochSecond(),
        job.finishedAt().map(Instant::getEpochSecond),
        job.fineTunedModel(),
        job.organisationId(),
        job.resultFiles(),
        job.state().text(),
        job.validationFile(),
        job.trainingFile(),
        MethodObjects.hyperparameters(job.hyperparameters()),
        job.trainedTokens(),
        job.error()
            .map(error -> new FineTuningJob.Failure(error.code(), error.message(), error.param())),
        job.suffix(),
        job.seed(),
        job.estimatedFinish().map(Instant::getEpochSecond),
        job.integrations().stream().map(some -> integration(some, job.id())).toList(),
        job.metadata(),
        Optional.empty(),
        false,
        Optional.empty(),
        MethodObjects.method(job.method()));
  }

  static FineTuningJobEvent event(JobEvent event) {
    return new FineTuningJobEvent(
        "fine_tuning.job.event",
        event.id(),
        event.createdAt().getEpochSecond(),
        event.level().text(),
        event.type(),
        event.message(),
        data(event.data()));
  }

  static FineTuningJobCheckpoint checkpoint(Checkpoint checkpoint) {
    return new FineTuningJobCheckpoint(
        "fine_tuning.job.checkpoint",
        checkpoint.id(),
        checkpoint.createdAt().getEpochSecond(),
        checkpoint.modelName(),
        checkpoint.jobId(),
        metrics(checkpoint.metrics(), Optional.empty()),
        checkpoint.stepNumber());
  }

  private static FineTuningJob.Integration integration(Integration asked, String jobId) {
    return switch (asked) {
      case Integration.TensorBoard _ ->
          new FineTuningJob.Integration(CreateJobReader.TENSORBOARD, Optional.empty());
      case Integration.Wandb(var project, var name, var entity, var tags) ->
          new FineTuningJob.Integration(
              CreateJobReader.WANDB,
              Optional.of(
                  new FineTuningJob.Wandb(project, name, entity, tags, Optional.of(jobId))));
    };
  }

  private static Optional<Object> data(EventData data) {
    return switch (data) {
      case EventData.None _ -> Optional.empty();
      case EventData.Empty _ -> Optional.of(Map.of());
      case EventData.Metrics(var figures) ->
          Optional.of(
              figures.isRewarded()
                  ? RewardedStep.data(figures)
                  : metrics(figures, Optional.of(figures.totalSteps())));
    };
  }

  private static StepMetrics metrics(StepMetricsRecord figures, Optional<Integer> totalSteps) {
    return new StepMetrics(
        figures.step(),
        totalSteps,
        Optional.of(figures.trainLoss()),
        Optional.of(figures.trainMeanTokenAccuracy()),
        boxed(figures.validLoss()),
        boxed(figures.validMeanTokenAccuracy()),
        boxed(figures.fullValidLoss()),
        boxed(figures.fullValidMeanTokenAccuracy()),
        // A checkpoint's are a closed set in OpenAI's description.
        totalSteps.isPresent() ? figures.measures() : Map.of());
  }

  private static Optional<Double> boxed(OptionalDouble figure) {
    return figure.isPresent() ? Optional.of(figure.getAsDouble()) : Optional.empty();
  }
}
