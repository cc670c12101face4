package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.AutoHyperparameters;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.launch.Launch;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.platform.launch.WorkerKind;
import java.time.Clock;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

/// Knows who may speak for a job, and begins a job's run when its trainer enrols. Safe for many
/// threads; call it inside a transaction.
public final class RunningJobs implements EnrolmentDesk.Reception {
  /// A paused job's trainer keeps its say until it has stopped.
  static final Set<JobState> WITH_TRAINER = EnumSet.of(JobState.RUNNING, JobState.PAUSED);

  private static final Set<JobState> QUEUED = EnumSet.of(JobState.QUEUED);

  private final JobStore jobs;
  private final LaunchStore launches;
  private final JobLedger ledger;
  private final TrainerLimits limits;
  private final Clock clock;

  public RunningJobs(
      JobStore jobs, LaunchStore launches, JobLedger ledger, TrainerLimits limits, Clock clock) {
    this.jobs = jobs;
    this.launches = launches;
    this.ledger = ledger;
    this.limits = limits;
    this.clock = clock;
  }

  @Override
  public void enrolled(Launch launch) {
    Job job = jobs.find(launch.subject()).orElseThrow(() -> fenced(launch, "the job is unknown"));
    boolean awaited = job.run().launchId().filter(launch.id().text()::equals).isPresent();
    if (job.state() != JobState.QUEUED || !awaited) {
      throw fenced(launch, "the job is " + job.state().text() + " and waits for nobody");
    }
    int examples = job.run().trainingExamples().orElseThrow();
    TrainingMethod resolved = AutoHyperparameters.resolve(job.method(), examples);
    int totalSteps = AutoHyperparameters.totalSteps(resolved.hyperparameters(), examples);
    Job started =
        job.change()
            .state(JobState.RUNNING)
            .method(resolved)
            .run(job.run().enrolled(clock.instant(), leaseFromNow(), totalSteps))
            .make();
    write(started, QUEUED);
    if (job.run().totalSteps().isEmpty()) {
      ledger.started(job.id());
    } else {
      ledger.info(job.id(), EventTexts.RESUMED);
    }
  }

  /// The job of a token whose attempt is the job's own and runs.
  Job of(String token) {
    Launch launch = launch(token);
    Job job = jobs.find(launch.subject()).orElseThrow(() -> fenced(launch, "the job is unknown"));
    boolean its = job.run().launchId().filter(launch.id().text()::equals).isPresent();
    if (!its || !WITH_TRAINER.contains(job.state())) {
      throw fenced(
          launch, "the job is %s at attempt %d".formatted(job.state().text(), job.run().attempt()));
    }
    return job;
  }

  /// The job of a token whatever its state, as long as no later attempt was made.
  Job ofLast(String token) {
    Launch launch = launch(token);
    return jobs.find(launch.subject())
        .filter(job -> job.run().attempt() == launch.attempt())
        .orElseThrow(() -> fenced(launch, "a later attempt was made"));
  }

  private Launch launch(String token) {
    return launches
        .byToken(SecretHash.of(token))
        .filter(launch -> launch.kind() == WorkerKind.TRAINER)
        .orElseThrow(() -> new FencedException("no trainer has this token"));
  }

  private static FencedException fenced(Launch launch, String why) {
    return new FencedException("%s has no say: %s".formatted(launch.id(), why));
  }

  Instant leaseFromNow() {
    return clock.instant().plus(limits.lease());
  }

  /// Writes a running job's row, unless someone was first.
  void write(Job job) {
    write(job, WITH_TRAINER);
  }

  private void write(Job job, Set<JobState> states) {
    if (!jobs.update(job, job.run().attempt(), states)) {
      throw new FencedException(job.id() + " has gone on without attempt " + job.run().attempt());
    }
  }

  /// A line of the trainer's own.
  void say(Job job, EventLevel level, String message) {
    ledger.once(job.id(), level, message);
  }
}
