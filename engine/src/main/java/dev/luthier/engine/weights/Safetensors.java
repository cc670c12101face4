package dev.luthier.engine.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Map;

/// A safetensors file, memory-mapped and checked as a whole before the first tensor is handed out.
///
/// Tensors are views of the mapping: whoever uses them (a LibTorch tensor made from their address
/// included) keeps this open meanwhile. May be read by many threads at once.
public final class Safetensors implements AutoCloseable {
  private final Path file;
  private final Arena arena;
  private final SafetensorsHeader header;

  private Safetensors(Path file, Arena arena, SafetensorsHeader header) {
    this.file = file;
    this.arena = arena;
    this.header = header;
  }

  /// Maps a file. Throws [WeightsException] when anything in its header disagrees with the file.
  public static Safetensors map(Path file) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
      return new Safetensors(file, arena, SafetensorsHeader.parse(file, bytes));
    } catch (IOException | RuntimeException e) {
      arena.close();
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
    return file;
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
          file, "has no tensor " + name + " (it has " + header.tensors().size() + " others)");
    }
    return tensor;
  }

  public Map<String, String> metadata() {
    return header.metadata();
  }

  /// Unmaps the file; every view taken from it becomes invalid.
  @Override
  public void close() {
    arena.close();
  }
}
