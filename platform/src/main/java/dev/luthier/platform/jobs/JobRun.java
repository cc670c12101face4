package dev.luthier.platform.jobs;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/// How a job is being carried out; internal, though the dashboard shows some of it.
///
/// @param attempt the fencing number: every launch of a trainer raises it, and a writer with an
///   older one is refused
/// @param launchId the launch of this attempt, while there is one
/// @param leaseUntil until when the trainer is taken to be alive; empty before it enrolled
/// @param trainingExamples counted by validation
/// @param lastStep the last step that was reported, 0 before the first
/// @param resumeStep step of the last resume state, which the next attempt starts from
/// @param deathStep the step at which trainers have died, and `deaths` how often in a row there
/// @param startedAt when the first attempt began to run
public record JobRun(
    int attempt,
    Optional<String> launchId,
    Optional<Instant> leaseUntil,
    Optional<Instant> heartbeatAt,
    OptionalInt trainingExamples,
    OptionalInt totalSteps,
    int lastStep,
    OptionalInt resumeStep,
    int deathStep,
    int deaths,
    Optional<Instant> startedAt) {

  /// Of a job that nothing has been done for.
  public static final JobRun NONE =
      new JobRun(
          0,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          OptionalInt.empty(),
          0,
          OptionalInt.empty(),
          0,
          0,
          Optional.empty());
}
