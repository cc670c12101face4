package dev.luthier.engine.model;

import dev.luthier.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;

/// What a run trains: numbers in fp32, in one flat array that an optimizer changes.
public interface MasterWeights extends AutoCloseable {
  /// The array itself.
  Tensor parameters();

  /// Writes the weights as they are now into a folder that others can read; `baseName` is what it
  /// notes as the base.
  void write(Path folder, String baseName) throws IOException;

  @Override
  void close();
}
