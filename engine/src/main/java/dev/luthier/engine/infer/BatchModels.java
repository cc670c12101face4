package dev.luthier.engine.infer;

import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import java.io.IOException;
import java.nio.file.Path;

/// Chooses how a base is run.
final class BatchModels {
  private BatchModels() {}

  /// Opens the base model in a folder.
  static BatchModel<?, ?> open(Path baseFolder, GeneratorSettings settings) throws IOException {
    Device.threads(settings.threads());
    Decoder decoder = Families.open(baseFolder, settings.precision());
    return Device.current() == DeviceClass.CPU
            && decoder instanceof LlamaModel llama
            && PackedWeights.fit(llama)
        ? new PackedModel(llama, settings)
        : new TensorModel(decoder);
  }
}
