package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.JobError;

/// A trainer's last word.
public sealed interface FinishReport {
  /// All steps are done, or patience was over, and the last epoch's checkpoint is published.
  record Succeeded(long trainedTokens, int finalStep) implements FinishReport {}

  /// The job cannot be done, and trying again would not help.
  record Failed(JobError error) implements FinishReport {}

  /// It was asked to stop; the resume state holds all that was done.
  record Stopped(int finalStep) implements FinishReport {}
}
