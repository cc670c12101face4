package dev.luthier.platform.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// How a job is being carried out; internal, though the dashboard shows some of it.
///
/// @param attempt the fencing number: every launch of a trainer raises it, and a writer with an
///   older one is refused
/// @param launchId the launch of this attempt, while there is one
/// @param launchedAt when that launch was decided
/// @param startedAt when this attempt's trainer enrolled, and `startStep` the step it began after
/// @param leaseUntil until when the trainer is taken to be alive; empty before it enrolled
/// @param trainingExamples counted by validation
/// @param totalSteps known once the first attempt has started
/// @param lastStep the last step that was reported, 0 before the first
/// @param resume what the next attempt goes on from
/// @param deathStep the last step reported before trainers died, and `deaths` how often in a row
///   without a further step
public record JobRun(
    int attempt,
    Optional<String> launchId,
    Optional<Instant> launchedAt,
    Optional<Instant> startedAt,
    int startStep,
    Optional<Instant> leaseUntil,
    OptionalInt trainingExamples,
    OptionalInt totalSteps,
    int lastStep,
    Optional<ResumePoint> resume,
    int deathStep,
    int deaths) {

  /// Of a job that nothing has been done for.
  public static final JobRun NONE =
      new JobRun(
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          0,
          Optional.empty(),
          0,
          0);

  /// Step of the resume state, if there is one.
  public OptionalInt resumeStep() {
    return resume.isPresent() ? OptionalInt.of(resume.get().step()) : OptionalInt.empty();
  }

  /// Validation is done.
  public JobRun counted(int examples) {
    return new JobRun(
        attempt,
        launchId,
        launchedAt,
        startedAt,
        startStep,
        leaseUntil,
        OptionalInt.of(examples),
        totalSteps,
        lastStep,
        resume,
        deathStep,
        deaths);
  }

  /// The next attempt is decided.
  public JobRun launched(int nextAttempt, String launch, Instant now) {
    return placed(
        nextAttempt,
        Optional.of(launch),
        Optional.of(now),
        Optional.empty(),
        0,
        Optional.empty(),
        totalSteps);
  }

  /// The attempt's trainer has enrolled.
  public JobRun enrolled(Instant now, Instant lease, int steps) {
    return placed(
        attempt,
        launchId,
        launchedAt,
        Optional.of(now),
        resumeStep().orElse(0),
        Optional.of(lease),
        OptionalInt.of(steps));
  }

  /// There is no trainer any more.
  public JobRun released() {
    return placed(
        attempt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        totalSteps);
  }

  private JobRun placed(
      int newAttempt,
      Optional<String> launch,
      Optional<Instant> launched,
      Optional<Instant> started,
      int firstStep,
      Optional<Instant> lease,
      OptionalInt steps) {
    return new JobRun(
        newAttempt,
        launch,
        launched,
        started,
        firstStep,
        lease,
        trainingExamples,
        steps,
        lastStep,
        resume,
        deathStep,
        deaths);
  }

  /// The trainer has spoken and has done `step`.
  public JobRun progressed(int step, Instant lease) {
    return new JobRun(
        attempt,
        launchId,
        launchedAt,
        startedAt,
        startStep,
        Optional.of(lease),
        trainingExamples,
        totalSteps,
        Math.max(lastStep, step),
        resume,
        deathStep,
        deaths);
  }

  /// A resume state is stored.
  public JobRun saved(ResumePoint point) {
    return new JobRun(
        attempt,
        launchId,
        launchedAt,
        startedAt,
        startStep,
        leaseUntil,
        trainingExamples,
        totalSteps,
        lastStep,
        Optional.of(point),
        deathStep,
        deaths);
  }

  /// The trainer has died; counted anew when steps were done since the last death.
  public JobRun died() {
    int count = deaths > 0 && lastStep == deathStep ? deaths + 1 : 1;
    return new JobRun(
        attempt,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        trainingExamples,
        totalSteps,
        lastStep,
        resume,
        lastStep,
        count);
  }
}
