package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobRun;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.Sighting;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Watches the launched trainers: puts the jobs of dead ones back, stops those that nobody wants.
final class Supervision {
  /// Deaths in a row without a further step after which the job is given up.
  private static final int DEATHS_MAX = 3;

  /// A worker's word for "not my fault, try again".
  private static final int EXIT_TRY_AGAIN = 75;

  private static final int LOG_BYTES = 4000;
  private static final int LOG_LINE_LENGTH_MAX = 300;

  /// States in which a job can have a trainer.
  static final Set<JobState> LAUNCHED =
      EnumSet.of(JobState.QUEUED, JobState.RUNNING, JobState.PAUSED);

  private static final Logger log = LoggerFactory.getLogger(Supervision.class);

  private final Dispatcher.Collaborators with;
  private final QueueSettings settings;
  private final Clock clock;

  private Instant lastTick = Instant.MIN;
  private Instant leasesCountFrom = Instant.MIN;

  Supervision(Dispatcher.Collaborators with, QueueSettings settings, Clock clock) {
    this.with = with;
    this.settings = settings;
    this.clock = clock;
  }

  void tick(Map<LaunchId, Sighting> sightings) {
    Instant now = clock.instant();
    noticeAbsence(now);
    List<Job> launched =
        with.jobs().inStates(LAUNCHED).stream()
            .filter(job -> job.run().launchId().isPresent())
            .toList();
    Set<LaunchId> wanted = new HashSet<>();
    for (Job job : launched) {
      LaunchId id = new LaunchId(job.run().launchId().orElseThrow());
      wanted.add(id);
      judge(job, id, Optional.ofNullable(sightings.get(id)).map(Sighting::status), now);
    }
    sightings.values().stream()
        .filter(sighting -> !wanted.contains(sighting.id()))
        .forEach(this::clearAway);
  }

  /// When this server was away (just started, or held up), trainers could not renew their leases:
  /// they get the time of one lease to come back.
  private void noticeAbsence(Instant now) {
    boolean away =
        lastTick.equals(Instant.MIN)
            || Duration.between(lastTick, now).compareTo(settings.lease().dividedBy(2)) > 0;
    if (away) {
      leasesCountFrom = now.plus(settings.lease());
    }
    lastTick = now;
  }

  private void judge(Job job, LaunchId id, Optional<Sighting.Status> seen, Instant now) {
    if (seen.isPresent() && seen.get() instanceof Sighting.Status.Gone gone) {
      boolean innocent = gone.exit().isPresent() && gone.exit().getAsInt() == EXIT_TRY_AGAIN;
      putBack(job, "The trainer process ended unexpectedly " + place(job, gone), !innocent, id);
      with.launcher().forget(id);
      return;
    }
    boolean enrolled = job.state() != JobState.QUEUED;
    if (enrolled && silent(job.run(), now)) {
      putBack(job, "The trainer has been silent for too long " + place(job), true, id);
      with.launcher().stop(id, settings.stopGrace());
    } else if (!enrolled && seen.isEmpty()) {
      // The server ended between the row and the start; no process has the code.
      putBack(job, "The trainer was not started", false, id);
    } else if (!enrolled && tooLate(job.run(), now)) {
      putBack(job, "The trainer did not come up in time", true, id);
      with.launcher().stop(id, settings.stopGrace());
    }
  }

  private boolean silent(JobRun run, Instant now) {
    return now.isAfter(leasesCountFrom)
        && run.leaseUntil().filter(lease -> now.isAfter(lease)).isPresent();
  }

  private boolean tooLate(JobRun run, Instant now) {
    return now.isAfter(leasesCountFrom)
        && run.launchedAt()
            .filter(at -> now.isAfter(at.plus(settings.enrolmentWait())))
            .isPresent();
  }

  private static String place(Job job, Sighting.Status.Gone gone) {
    return place(job) + " (" + gone.reason() + ")";
  }

  private static String place(Job job) {
    int step = job.run().lastStep();
    return step == 0 ? "before the first step" : "after step " + step;
  }

  void startFailed(String jobId, int attempt, RuntimeException why) {
    with.jobs()
        .find(jobId)
        .filter(job -> job.run().attempt() == attempt)
        .ifPresent(job ->
            putBack(
                job,
                "The trainer cannot be started (" + why.getMessage() + ")",
                true,
                LaunchId.trainer(jobId, attempt)));
  }

  /// Queues the job again, or gives it up when its trainers keep dying at the same place. A paused
  /// one stays paused: its trainer was to go.
  private void putBack(Job job, String reason, boolean unexpected, LaunchId id) {
    boolean paused = job.state() == JobState.PAUSED;
    boolean death = unexpected && !paused;
    JobRun run = death ? job.run().died() : job.run().released();
    boolean hopeless = death && run.deaths() >= DEATHS_MAX;
    Optional<JobError> error = hopeless ? Optional.of(givenUp(reason, run, id)) : Optional.empty();
    var change = job.change().run(run).estimatedFinish(Optional.empty());
    change.state(hopeless ? JobState.FAILED : paused ? JobState.PAUSED : JobState.QUEUED);
    String story = paused ? EventTexts.staysPaused(reason, run) : EventTexts.putBack(reason, run);
    error.ifPresent(change::error);
    boolean done =
        with.transactions()
            .call(() -> {
              Set<JobState> same = EnumSet.of(job.state());
              if (!with.jobs().update(change.make(), job.run().attempt(), same)) {
                return false; // it has finished or was cancelled meanwhile
              }
              error.ifPresentOrElse(
                  why -> with.ledger().error(job.id(), why.message()),
                  () -> with.ledger().warn(job.id(), story));
              return true;
            });
    if (done) {
      log.warn("{}: {}", id, error.map(JobError::message).orElse(story));
    }
  }

  private JobError givenUp(String reason, JobRun run, LaunchId id) {
    String lastLine =
        with.launcher()
            .logTail(id, LOG_BYTES)
            .flatMap(Supervision::lastLine)
            .map(line -> " Its last words: " + line)
            .orElse("");
    String wholeLog = " Its log: " + with.launcher().logPlace(id);
    return new JobError(
        "trainer_died",
        "%s, %d times in a row without a further step; the job is given up.%s%s"
            .formatted(reason, run.deaths(), lastLine, wholeLog),
        Optional.empty());
  }

  private static Optional<String> lastLine(String log) {
    return log.lines()
        .filter(line -> !line.isBlank())
        .reduce((_, later) -> later)
        .map(line ->
            line.length() <= LOG_LINE_LENGTH_MAX ? line : line.substring(0, LOG_LINE_LENGTH_MAX));
  }

  /// A launch that no job waits for: of a job that has ended, or of an older attempt.
  private void clearAway(Sighting sighting) {
    switch (sighting.status()) {
      case Sighting.Status.Gone _ -> with.launcher().forget(sighting.id());
      case Sighting.Status.Running _, Sighting.Status.Waiting _ ->
          with.launcher().stop(sighting.id(), settings.stopGrace());
    }
  }
}
