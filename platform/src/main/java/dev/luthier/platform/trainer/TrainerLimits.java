package dev.luthier.platform.trainer;

import java.time.Duration;

/// What a trainer may send, and how long it may be silent.
///
/// @param lease how long a silent trainer is taken to be alive
public record TrainerLimits(
    Duration lease, long resumeStateBytesMax, long adapterFileBytesMax, int stepsPerReportMax) {
  /// 30 s of silence; files as large as a base in full precision might need.
  public static final TrainerLimits DEFAULT =
      new TrainerLimits(Duration.ofSeconds(30), 64L << 30, 16L << 30, 10_000);
}
