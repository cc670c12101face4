package dev.luthier.engine.model;

import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// Which code runs which `model_type` of config.json; a new family adds its line here.
public final class Families {
  private interface Family {
    Decoder open(Path baseFolder, Precision precision) throws IOException;
  }

  private static final Map<String, Family> BY_MODEL_TYPE = Map.of("llama", LlamaModel::open);

  private Families() {}

  /// Opens the base model in a folder. Throws [ModelException] where no family fits.
  public static Decoder open(Path baseFolder, Precision precision) throws IOException {
    var type = ModelConfig.read(baseFolder).modelType();
    var family = BY_MODEL_TYPE.get(type);
    if (family == null) {
      throw new ModelException(
          "%s: model_type '%s' is not supported; there are %s"
              .formatted(baseFolder, type, BY_MODEL_TYPE.keySet()));
    }
    return family.open(baseFolder, precision);
  }
}
