package dev.luthier.engine.train;

import java.io.IOException;
import java.nio.file.Path;

/// The end of an epoch, or another step after which all validation rows were looked at: what is
/// trained can be kept. Valid only while the observer is being called.
public interface EpochEnd {
  int step();

  int epoch();

  boolean last();

  /// Whether no epoch before had as low a loss over all validation rows; true of every one where
  /// there are none.
  boolean best();

  StepMetrics metrics();

  /// Writes what is trained as it is now: an adapter as a PEFT folder, full weights as a model's
  /// folder; `baseName` is what it notes as its base.
  void writeWeights(Path folder, String baseName) throws IOException;
}
