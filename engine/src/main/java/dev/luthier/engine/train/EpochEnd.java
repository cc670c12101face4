package dev.luthier.engine.train;

import java.io.IOException;
import java.nio.file.Path;

/// The end of an epoch, at which the adapter can be kept. Valid only while the observer is being
/// called.
public interface EpochEnd {
  int step();

  int epoch();

  boolean last();

  StepMetrics metrics();

  /// Writes the adapter of this moment as a PEFT folder; `baseName` is what PEFT notes as its base.
  void writeAdapter(Path folder, String baseName) throws IOException;
}
