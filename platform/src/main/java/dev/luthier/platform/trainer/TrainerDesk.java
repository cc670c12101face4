package dev.luthier.platform.trainer;

import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.BlobStore;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.jobs.JobRun;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.ResumePoint;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.AdapterStore;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a trainer may ask and tell, by the token of its enrolment. Safe for many threads.
///
/// Every method throws `FencedException` when the token's attempt is not the job's, or the job has
/// ended. What is told is durable on return, and telling it again changes nothing.
///
/// Steps that a new attempt computes again, because the older one died after its last resume state,
/// are passed over: an event that users have seen is never withdrawn, and resuming is exact, so the
/// figures are the same.
public final class TrainerDesk {
  /// What multiplier 1 means for LoRA where answers are learned.
  public static final double BASE_LEARNING_RATE = 1e-3;

  /// What it means where answers are only weighed against each other: a preference says less than
  /// an answer, and too large a step soon makes both unlikely.
  public static final double WEIGHING_LEARNING_RATE = 1e-4;

  /// What multiplier 1 means for all weights, where answers are learned: each of them counts more
  /// than a number of an adapter.
  public static final double FULL_LEARNING_RATE = 2e-5;

  /// Enough to hold a look at the validation rows now and then.
  private static final int PACE_STEPS = 50;

  private static final Logger log = LoggerFactory.getLogger(TrainerDesk.class);

  /// What the desk works with; closed by whoever made it.
  public record Collaborators(
      RunningJobs running,
      EventStore events,
      JobLedger ledger,
      FileStore files,
      BlobStore blobs,
      RunStore runs,
      BaseStore bases,
      AdapterStore adapters,
      CheckpointPublisher publisher,
      JobFinisher finisher,
      JobManifests manifests,
      Transactions transactions) {}

  private final Collaborators with;
  private final TrainerLimits limits;
  private final Clock clock;
  private final AtomicBoolean stopping = new AtomicBoolean();

  public TrainerDesk(Collaborators with, TrainerLimits limits, Clock clock) {
    this.with = with;
    this.limits = limits;
    this.clock = clock;
  }

  /// From now on every heartbeat is answered by `STOP`: the server wants to end.
  public void stopAll() {
    stopping.set(true);
  }

  public TrainerJob job(String token) {
    Job job = with.running().of(token);
    BaseModel base =
        with.bases()
            .find(job.baseId())
            .orElseThrow(() -> new IllegalStateException("base " + job.baseId() + " has gone"));
    Hyperparameters numbers = job.hyperparameters();
    double multiplier = numbers.learningRateMultiplier().orElseThrow();
    return new TrainerJob(
        job.id(),
        job.run().attempt(),
        base.id(),
        base.folder(),
        job.parentAdapterId().map(with.adapters()::folder),
        job.method(),
        numbers.epochs().orElseThrow(),
        numbers.batchSize().orElseThrow(),
        multiplier,
        multiplier * baseLearningRate(job.method()),
        job.seed(),
        job.validationFile().isPresent(),
        job.run().resumeStep());
  }

  private static double baseLearningRate(TrainingMethod method) {
    boolean full = method.hyperparameters().extensions().trainsAllWeights();
    return switch (method) {
      case TrainingMethod.Supervised _ -> full ? FULL_LEARNING_RATE : BASE_LEARNING_RATE;
      case TrainingMethod.Dpo _ when full ->
          FULL_LEARNING_RATE * (WEIGHING_LEARNING_RATE / BASE_LEARNING_RATE);
      case TrainingMethod.Dpo _, TrainingMethod.Reinforcement _ -> WEIGHING_LEARNING_RATE;
    };
  }

  public Blob trainingFile(String token) throws IOException {
    return file(with.running().of(token).trainingFile());
  }

  /// Empty when the job has none.
  public Optional<Blob> validationFile(String token) throws IOException {
    Optional<String> id = with.running().of(token).validationFile();
    return id.isPresent() ? Optional.of(file(id.get())) : Optional.empty();
  }

  private Blob file(String id) throws IOException {
    StoredFile file =
        with.files()
            .findHeld(id)
            .orElseThrow(() -> new IllegalStateException(id + " is held by a job, but has gone"));
    return new Blob(with.blobs().open(id), file.bytes(), file.sha256());
  }

  public Optional<ResumeState> resumeState(String token) throws IOException {
    Job job = with.running().of(token);
    Optional<ResumePoint> point = job.run().resume();
    if (point.isEmpty()) {
      return Optional.empty();
    }
    InputStream stream = with.runs().open(job.id(), point.get());
    long bytes = with.runs().bytes(job.id(), point.get());
    return Optional.of(
        new ResumeState(point.get().step(), new Blob(stream, bytes, point.get().sha256())));
  }

  /// Replaces the earlier one. The figures of all steps up to `step` must have been told before:
  /// nobody will compute those steps again.
  public void putResumeState(String token, int step, InputStream content) throws IOException {
    Job job = with.running().of(token);
    if (step < 1 || step > job.run().lastStep()) {
      throw refused(
          "the resume state of step %d comes before the metrics of that step; the last ones are of step %d"
              .formatted(step, job.run().lastStep()));
    }
    BlobStore.Written written =
        with.runs().write(job.id(), step, content, limits.resumeStateBytesMax());
    ResumePoint point = new ResumePoint(step, written.sha256());
    with.transactions()
        .run(() -> {
          Job now = with.running().of(token);
          JobRun run = now.run().saved(point).progressed(0, with.running().leaseFromNow());
          with.running().write(now.change().run(run).make());
        });
    with.runs().keepOnly(job.id(), point);
  }

  /// Renews the lease. `step` is the last one done, 0 before the first.
  public Directive heartbeat(String token, int step) {
    JobState state =
        with.transactions()
            .call(() -> {
              Job job = with.running().of(token);
              JobRun run = job.run().progressed(0, with.running().leaseFromNow());
              with.running().write(job.change().run(run).make());
              return job.state();
            });
    log.debug("heartbeat at step {}", step);
    return stopping.get() || state == JobState.PAUSED ? Directive.STOP : Directive.CONTINUE;
  }

  /// Steps in order; those reported before are passed over.
  public void metrics(String token, List<StepMetricsRecord> steps) {
    if (steps.size() > limits.stepsPerReportMax()) {
      throw refused(
          "%d steps in one report, but %d are the most"
              .formatted(steps.size(), limits.stepsPerReportMax()));
    }
    with.transactions().run(() -> addMetrics(with.running().of(token), steps));
  }

  private void addMetrics(Job job, List<StepMetricsRecord> steps) {
    int total = job.run().totalSteps().orElseThrow();
    int last = job.run().lastStep();
    for (StepMetricsRecord step : steps) {
      if (step.totalSteps() != total || step.step() > last + 1) {
        throw refused(
            "%s expects step %d of %d next, not step %d of %d"
                .formatted(job.id(), last + 1, total, step.step(), step.totalSteps()));
      }
      if (with.events().addMetrics(job.id(), job.run().attempt(), step)) {
        with.ledger().step(job.id(), step);
      }
      last = Math.max(last, step.step());
    }
    JobRun run = job.run().progressed(last, with.running().leaseFromNow());
    Optional<Instant> finish =
        job.state() == JobState.PAUSED ? Optional.empty() : estimatedFinish(job.id(), run, total);
    with.running().write(job.change().run(run).estimatedFinish(finish).make());
  }

  /// From what this attempt's newest steps took; the first, in which much is done for the first
  /// time, counts while there is no other. Where nothing was told of that, from the time that has
  /// gone by. Empty before its first step.
  private Optional<Instant> estimatedFinish(String jobId, JobRun run, int total) {
    int done = run.lastStep() - run.startStep();
    if (done < 1 || run.startedAt().isEmpty()) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    int from = run.startStep() + (done == 1 ? 0 : 1);
    OptionalDouble stepSeconds = with.events().stepSeconds(jobId, from, PACE_STEPS);
    if (stepSeconds.isPresent()) {
      double left = stepSeconds.getAsDouble() * (total - run.lastStep());
      return Optional.of(now.plusMillis(Math.round(left * 1000)));
    }
    Duration spent = Duration.between(run.startedAt().get(), now);
    return Optional.of(now.plus(spent.multipliedBy(total - run.lastStep()).dividedBy(done)));
  }

  /// What the losses follow from, told before the first step.
  public void manifest(String token, Map<String, String> facts) {
    with.transactions()
        .run(() -> {
          Job job = with.running().of(token);
          Map<String, String> all = new TreeMap<>(facts);
          all.putAll(JobManifests.graderFacts(job.method()));
          with.manifests().keep(job.id(), all);
        });
  }

  /// A line for the job's story; one that is there already is passed over.
  public void event(String token, EventLevel level, String message) {
    with.transactions().run(() -> with.running().say(with.running().of(token), level, message));
  }

  public void stageCheckpointFile(String token, int step, String name, InputStream content)
      throws IOException {
    Job job = with.running().of(token);
    with.adapters()
        .stage(
            CheckpointPublisher.stagingId(job, step), name, content, limits.adapterFileBytesMax());
  }

  public void publishCheckpoint(String token, PublishedCheckpoint checkpoint) throws IOException {
    Job job = with.running().of(token);
    with.publisher()
        .publish(job, checkpoint, with.manifests().facts(job.id()), () -> with.running().of(token));
  }

  /// The last word; said again after it was taken, it changes nothing.
  public void finish(String token, FinishReport report) throws IOException {
    Job job = with.running().ofLast(token);
    if (with.finisher().alreadyDone(job, report)) {
      return;
    }
    Job running = with.running().of(token);
    switch (report) {
      case FinishReport.Succeeded succeeded ->
          with.finisher().succeed(running, succeeded, () -> with.running().of(token));
      case FinishReport.Failed failed ->
          with.finisher().fail(failed, () -> with.running().of(token));
      case FinishReport.Stopped stopped ->
          with.finisher().putBack(stopped, () -> with.running().of(token));
    }
  }

  private static ApiException refused(String message) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.empty());
  }
}
