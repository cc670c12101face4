package dev.luthier.worker.trainer;

import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingResult;
import java.io.IOException;
import java.util.function.Consumer;

/// Trains what a job asks for; production has the engine behind it.
interface Training {
  /// Runs to the end, or to where the observer stops it.
  ///
  /// @param warnings hears sentences for the job's story, before the first step
  TrainingResult run(Assignment assignment, Consumer<String> warnings, TrainingObserver observer)
      throws IOException;
}
