package dev.luthier.engine.train;

import java.io.IOException;
import java.nio.file.Path;

/// Watches a run and steers it. Called on the run's thread, in order; an exception ends the run.
public interface TrainingObserver {
  /// Asked before each step (1-based).
  Directive beforeStep(int step);

  void stepDone(StepMetrics metrics) throws IOException;

  /// Comes after [#stepDone] of the epoch's last step.
  void epochDone(EpochEnd end) throws IOException;

  /// The resume state after `completedSteps` steps is in `file`, complete and forced to the disk.
  /// The next one will replace it under the same name.
  void stateSaved(int completedSteps, Path file) throws IOException;
}
