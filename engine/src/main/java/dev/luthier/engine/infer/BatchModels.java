package dev.luthier.engine.infer;

import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Chooses how a base is run.
final class BatchModels {
  private BatchModels() {}

  /// Opens the base model in a folder: on matrix units, else on vectors, else on LibTorch's
  /// operations. The first two read the weights as they are stored, in bf16.
  static BatchModel<?, ?> open(Path baseFolder, GeneratorSettings settings) throws IOException {
    Device.threads(settings.threads());
    if (Device.current() == DeviceClass.CPU) {
      Decoder stored = Families.open(baseFolder, Precision.BF16);
      if (stored instanceof LlamaModel llama) {
        Optional<RawModel<?>> raw = RawModel.of(llama, settings);
        if (raw.isPresent()) {
          return raw.get();
        }
      }
      stored.close();
    }
    return new TensorModel(Families.open(baseFolder, settings.precision()));
  }
}
