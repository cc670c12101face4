package dev.luthier.engine.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/// A GGUF file (version 2 or 3, little endian), memory-mapped and checked as a whole before the
/// first tensor is handed out. Tensors are views of the mapping. May be read by many threads at
/// once.
public final class Gguf implements AutoCloseable {
  private final MappedFile mapped;
  private final GgufHeader header;

  private Gguf(MappedFile mapped, GgufHeader header) {
    this.mapped = mapped;
    this.header = header;
  }

  /// Maps a file. Throws [WeightsException] when anything in its header disagrees with the file.
  public static Gguf map(Path file) throws IOException {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new Gguf(mapped, GgufHeader.parse(file, mapped.bytes()));
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  public Path file() {
    return mapped.file();
  }

  public GgufMetadata metadata() {
    return header.metadata();
  }

  /// All tensors by name, in the order of the file's list.
  public Map<String, GgufTensor> tensors() {
    return header.tensors();
  }

  /// A tensor that must be there.
  public GgufTensor tensor(String name) {
    GgufTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new WeightsException(
          mapped.file(),
          "has no tensor " + name + " (it has " + header.tensors().size() + " others)");
    }
    return tensor;
  }

  /// Unmaps the file; every view taken from it becomes invalid.
  @Override
  public void close() {
    mapped.close();
  }
}
