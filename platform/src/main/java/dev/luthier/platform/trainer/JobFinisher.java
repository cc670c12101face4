package dev.luthier.platform.trainer;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.chat.FirstAnswers;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.MetricsCsv;
import dev.luthier.platform.jobs.ModelNames;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.models.AdapterStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Ends the run of a job as its trainer reports. Safe for many threads.
///
/// A job succeeds only when all of its product is stored: figures of every step, the adapters whose
/// bytes are read back and compared with their manifests, and the result file. And only when its
/// model has answered once, if it can, so that who asks it then need not wait for it to be read.
public final class JobFinisher {
  /// How many of the last epochs stay in the public list.
  static final int LISTED_CHECKPOINTS = 3;

  /// How the content of the result file is stored: OpenAI's today, or as before 2024.
  public enum ResultFormat {
    BASE64,
    PLAIN
  }

  /// What it works with; closed by whoever made it.
  public record Collaborators(
      JobStore jobs,
      EventStore events,
      CheckpointStore checkpoints,
      AdapterStore adapters,
      FileService fileService,
      FileStore files,
      JobLedger ledger,
      Transactions transactions) {}

  private final Collaborators with;
  private final ResultFormat resultFormat;
  private final FirstAnswers firstAnswers;
  private final Clock clock;

  public JobFinisher(
      Collaborators with, ResultFormat resultFormat, FirstAnswers firstAnswers, Clock clock) {
    this.with = with;
    this.resultFormat = resultFormat;
    this.firstAnswers = firstAnswers;
    this.clock = clock;
  }

  /// Whether the job is where this report would bring it, by this very attempt.
  boolean alreadyDone(Job job, FinishReport report) {
    return switch (report) {
      case FinishReport.Succeeded _ -> job.state() == JobState.SUCCEEDED;
      case FinishReport.Failed _ -> job.state() == JobState.FAILED;
      case FinishReport.Stopped _ ->
          job.state() == JobState.QUEUED
              || (job.state() == JobState.PAUSED && job.run().launchId().isEmpty());
    };
  }

  /// Checks and stores the product, then ends the job.
  void succeed(Job job, FinishReport.Succeeded report, Supplier<Job> still) throws IOException {
    List<StepMetricsRecord> metrics = completeMetrics(job, report);
    KeptCheckpoints kept = kept(job, report);
    FirstAnswers.Coming firstAnswer = firstAnswers.of(kept.model().modelName());
    for (Checkpoint checkpoint : kept.listed()) {
      with.adapters().verify(checkpoint.adapterId());
    }
    StoredFile result =
        with.fileService()
            .prepare(
                MetricsCsv.FILE_NAME,
                FilePurpose.FINE_TUNE_RESULTS,
                new ByteArrayInputStream(encoded(MetricsCsv.of(metrics))));
    firstAnswer.await();
    with.transactions()
        .run(() -> {
          Job now = still.get();
          with.files().insert(result);
          kept.listed().forEach(checkpoint -> with.checkpoints().setListed(checkpoint.id()));
          String model = ModelNames.withoutStep(kept.model().modelName());
          with.checkpoints().makeModel(kept.model().id(), model);
          end(
              now.change()
                  .state(JobState.SUCCEEDED)
                  .finishedAt(clock.instant())
                  .product(model, result.id(), report.trainedTokens())
                  .run(now.run().released())
                  .make());
          tellSuccess(now, report.finalStep(), model, kept);
        });
    if (KeptCheckpoints.only(job)) {
      kept.removeOthers(job.id(), with.checkpoints(), with.adapters());
    }
  }

  private void tellSuccess(Job job, int finalStep, String model, KeptCheckpoints kept) {
    int total = job.run().totalSteps().orElseThrow();
    if (finalStep < total) {
      endsEarly(job)
          .map(rule -> EventTexts.stoppedEarly(finalStep, total, rule))
          .ifPresent(text -> with.ledger().info(job.id(), text));
    }
    if (kept.best()) {
      with.ledger().info(job.id(), EventTexts.keptBest(kept.model()));
    }
    for (Checkpoint checkpoint : kept.listed().reversed()) {
      if (!checkpoint.equals(kept.model())) {
        with.ledger()
            .info(job.id(), EventTexts.checkpoint(checkpoint.stepNumber(), checkpoint.modelName()));
      }
    }
    with.ledger().info(job.id(), EventTexts.modelCreated(model));
    with.ledger().info(job.id(), EventTexts.COMPLETED);
  }

  private static Optional<Extensions.EarlyStopping> endsEarly(Job job) {
    return job.hyperparameters().extensions().earlyStopping();
  }

  private List<StepMetricsRecord> completeMetrics(Job job, FinishReport.Succeeded report) {
    int total = job.run().totalSteps().orElseThrow();
    List<StepMetricsRecord> metrics = with.events().metrics(job.id());
    boolean early = report.finalStep() < total && endsEarly(job).isPresent();
    if ((report.finalStep() != total && !early) || metrics.size() != report.finalStep()) {
      throw refused(
          "%s cannot succeed: step %d of %d is reported as its last, and figures of %d steps are here"
              .formatted(job.id(), report.finalStep(), total, metrics.size()));
    }
    return metrics;
  }

  private KeptCheckpoints kept(Job job, FinishReport.Succeeded report) {
    List<Checkpoint> newest = with.checkpoints().ofJob(job.id());
    if (newest.isEmpty() || newest.getFirst().stepNumber() != report.finalStep()) {
      throw refused(job.id() + " cannot succeed: the checkpoint of its last step is missing");
    }
    Extensions asked = job.hyperparameters().extensions();
    KeptCheckpoints kept = KeptCheckpoints.of(newest, asked, LISTED_CHECKPOINTS);
    return asked.trainsAllWeights() ? kept.onlyModel() : kept;
  }

  private byte[] encoded(String csv) {
    byte[] plain = csv.getBytes(StandardCharsets.UTF_8);
    return switch (resultFormat) {
      case BASE64 -> Base64.getEncoder().encode(plain);
      case PLAIN -> plain;
    };
  }

  /// Ends the job with a reason that its user can read.
  void fail(FinishReport.Failed report, Supplier<Job> still) {
    with.transactions()
        .run(() -> {
          Job now = still.get();
          end(
              now.change()
                  .state(JobState.FAILED)
                  .error(report.error())
                  .estimatedFinish(Optional.empty())
                  .run(now.run().released())
                  .make());
          with.ledger().error(now.id(), report.error().message());
        });
  }

  /// The trainer was asked to stop, as the server is stopping or the job is paused.
  void putBack(FinishReport.Stopped report, Supplier<Job> still) {
    with.transactions()
        .run(() -> {
          Job now = still.get();
          boolean paused = now.state() == JobState.PAUSED;
          end(
              now.change()
                  .state(paused ? JobState.PAUSED : JobState.QUEUED)
                  .estimatedFinish(Optional.empty())
                  .run(now.run().released())
                  .make());
          String reason = "The trainer was stopped after step " + report.finalStep();
          with.ledger()
              .info(
                  now.id(),
                  paused
                      ? EventTexts.staysPaused(reason, now.run())
                      : EventTexts.putBack(reason, now.run()));
        });
  }

  private void end(Job job) {
    if (!with.jobs().update(job, job.run().attempt(), RunningJobs.WITH_TRAINER)) {
      throw new IllegalStateException(job.id() + " has changed within its own transaction");
    }
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.empty());
  }
}
