package dev.luthier.engine.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;

/// A safetensors file, memory-mapped and checked as a whole before the first tensor is handed out.
///
/// Tensors are views of the mapping: whoever uses them (a LibTorch tensor made from their address
/// included) keeps this open meanwhile. May be read by many threads at once.
public final class Safetensors implements AutoCloseable {
  private final MappedFile mapped;
  private final SafetensorsHeader header;

  private Safetensors(MappedFile mapped, SafetensorsHeader header) {
    this.mapped = mapped;
    this.header = header;
  }

  /// Maps a file. Throws [WeightsException] when anything in its header disagrees with the file.
  public static Safetensors map(Path file) throws IOException {
    MappedFile mapped = MappedFile.open(file);
    try {
      return new Safetensors(mapped, SafetensorsHeader.parse(file, mapped.bytes()));
    } catch (RuntimeException e) {
      mapped.close();
      throw e;
    }
  }

  /// Writes tensors that lie in memory; see [SafetensorsWriter] for the order of the bytes.
  public static void write(
      Path file, Collection<StoredTensor> tensors, Map<String, String> metadata)
      throws IOException {
    SafetensorsWriter.write(
        file, tensors.stream().map(PlannedTensor::of).toList(), metadata, Progress.silent());
  }

  public Path file() {
    return mapped.file();
  }

  /// All tensors by name, in the order in which their bytes lie in the file.
  public Map<String, StoredTensor> tensors() {
    return header.tensors();
  }

  public boolean contains(String name) {
    return header.tensors().containsKey(name);
  }

  /// A tensor that must be there.
  public StoredTensor tensor(String name) {
    StoredTensor tensor = header.tensors().get(name);
    if (tensor == null) {
      throw new WeightsException(
          mapped.file(),
          "has no tensor " + name + " (it has " + header.tensors().size() + " others)");
    }
    return tensor;
  }

  public Map<String, String> metadata() {
    return header.metadata();
  }

  /// Gives the pages that were read back to the system; they are read again when they are touched.
  public void unload() {
    mapped.bytes().unload();
  }

  /// Unmaps the file; every view taken from it becomes invalid.
  @Override
  public void close() {
    mapped.close();
  }
}
