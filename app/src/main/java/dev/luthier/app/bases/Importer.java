package dev.luthier.app.bases;

import dev.luthier.engine.weights.BaseDescription;
import dev.luthier.engine.weights.BaseFolder;
import dev.luthier.engine.weights.Progress;
import java.io.IOException;
import java.nio.file.Path;

/// Turns fetched weights into a base's folder; the engine does it, tests count the calls.
public interface Importer {
  void gguf(Path file, Path target, BaseDescription description, Progress progress)
      throws IOException;

  void safetensors(Path folder, Path target, BaseDescription description, Progress progress)
      throws IOException;

  static Importer engine() {
    return new Importer() {
      @Override
      public void gguf(Path file, Path target, BaseDescription description, Progress progress)
          throws IOException {
        BaseFolder.importGguf(file, target, description, progress);
      }

      @Override
      public void safetensors(
          Path folder, Path target, BaseDescription description, Progress progress)
          throws IOException {
        BaseFolder.importSafetensors(folder, target, description, progress);
      }
    };
  }
}
