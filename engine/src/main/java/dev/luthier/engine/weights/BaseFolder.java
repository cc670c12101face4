package dev.luthier.engine.weights;

import java.io.IOException;
import java.nio.file.Path;

/// A base model's folder (weights, configuration, tokenizer, template, and `base.json` last):
/// written once by an import, mapped by every trainer and inference process after that.
@SuppressWarnings("DoNotCallSuggester")
public final class BaseFolder {
  private BaseFolder() {}

  /// Imports a GGUF file of a llama-family model: dequantised to bf16 under Hugging Face's names.
  public static void importGguf(
      Path gguf, Path targetFolder, BaseDescription description, Progress progress)
      throws IOException {
    throw new UnsupportedOperationException(
        "in work: " + gguf + targetFolder + description + progress);
  }

  /// Imports a Hugging Face folder (`model.safetensors` or a sharded index, `config.json`,
  /// `tokenizer.json`).
  public static void importSafetensors(
      Path folder, Path targetFolder, BaseDescription description, Progress progress)
      throws IOException {
    throw new UnsupportedOperationException(
        "in work: " + folder + targetFolder + description + progress);
  }

  /// Compares every file with the sha256 in `base.json` and returns what the folder holds. Throws
  /// [WeightsException] naming the first file that is missing or differs.
  public static BaseDescription verify(Path folder) throws IOException {
    throw new UnsupportedOperationException("in work: " + folder);
  }
}
