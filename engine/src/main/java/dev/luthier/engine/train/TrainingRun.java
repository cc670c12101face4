package dev.luthier.engine.train;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.Decoder;
import java.io.IOException;
import java.nio.file.Path;

/// One run over the rows: the loop that all training shares. Belongs to the thread that made it.
public final class TrainingRun implements AutoCloseable {
  private TrainingRun() {}

  /// A run from its first step. Takes over the adapter (fresh, or a parent's to go on from) and
  /// writes its resume state to `stateFile` when told to.
  public static TrainingRun start(
      Decoder model,
      LoraAdapter adapter,
      TrainingData data,
      TrainingSettings settings,
      Path stateFile) {
    var unfinished = new UnsupportedOperationException();
    throw unfinished;
  }

  /// Goes on from a resume state; refuses one that was made with other rows or settings.
  public static TrainingRun resume(
      Decoder model, TrainingData data, TrainingSettings settings, Path stateFile)
      throws IOException {
    var unfinished = new UnsupportedOperationException();
    throw unfinished;
  }

  public int totalSteps() {
    var unfinished = new UnsupportedOperationException();
    throw unfinished;
  }

  public TrainingResult run(TrainingObserver observer) throws IOException {
    var unfinished = new UnsupportedOperationException();
    throw unfinished;
  }

  @Override
  public void close() {}
}
