package dev.luthier.engine.infer;

import dev.luthier.engine.model.Families;
import dev.luthier.engine.tensor.Device;
import java.io.IOException;
import java.nio.file.Path;

/// Chooses how a base is run.
final class BatchModels {
  private BatchModels() {}

  /// Opens the base model in a folder.
  static BatchModel<?, ?> open(Path baseFolder, GeneratorSettings settings) throws IOException {
    Device.threads(settings.threads());
    return new TensorModel(Families.open(baseFolder, settings.precision()));
  }
}
