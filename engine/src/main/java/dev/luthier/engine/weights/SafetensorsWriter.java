package dev.luthier.engine.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Writes a safetensors file, one tensor in memory at a time.
///
/// Order is fixed: wide element types first (so that all stay aligned), then by name; metadata by
/// key. The same tensors give the same bytes. The header is padded so that the data start at a
/// multiple of 64 bytes.
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 64;
  private static final long CHUNK_BYTES = 8L << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private SafetensorsWriter() {}

  /// Creates or replaces `file` and forces it to the disk. A failure leaves a file that
  /// [Safetensors#map] refuses; write to a temporary name and rename.
  public static void write(
      Path file, Collection<PlannedTensor> tensors, Map<String, String> metadata, Progress progress)
      throws IOException {
    List<PlannedTensor> ordered =
        tensors.stream()
            .sorted(
                Comparator.comparingInt((PlannedTensor tensor) -> -tensor.type().bytes())
                    .thenComparing(PlannedTensor::name))
            .toList();
    byte[] header = header(file, ordered, metadata);
    long total = ordered.stream().mapToLong(PlannedTensor::byteSize).sum();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeFully(channel, ByteBuffer.wrap(header));
      long done = 0;
      for (PlannedTensor tensor : ordered) {
        writeContent(channel, file, tensor);
        done += tensor.byteSize();
        progress.at(done, total);
      }
      channel.force(true);
    }
  }

  private static byte[] header(
      Path file, List<PlannedTensor> tensors, Map<String, String> metadata) {
    ObjectNode root = JSON.createObjectNode();
    if (!metadata.isEmpty()) {
      ObjectNode node = root.putObject(SafetensorsHeader.METADATA);
      new TreeMap<>(metadata).forEach(node::put);
    }
    Set<String> names = new HashSet<>();
    long offset = 0;
    for (PlannedTensor tensor : tensors) {
      if (!names.add(tensor.name()) || tensor.name().equals(SafetensorsHeader.METADATA)) {
        throw new WeightsException(file, "cannot hold two tensors named " + tensor.name());
      }
      ObjectNode node = root.putObject(tensor.name());
      node.put("dtype", tensor.type().name());
      ArrayNode shape = node.putArray("shape");
      for (long dimension : tensor.shape()) {
        shape.add(dimension);
      }
      long end = ExactSize.plus(offset, tensor.byteSize());
      node.putArray("data_offsets").add(offset).add(end);
      offset = end;
    }
    return framed(file, JSON.writeValueAsBytes(root));
  }

  /// Length, JSON, blanks up to the alignment.
  private static byte[] framed(Path file, byte[] json) {
    int unpadded = Long.BYTES + json.length;
    int padded = (unpadded + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (padded - Long.BYTES > SafetensorsHeader.HEADER_BYTES_MAX) {
      throw new WeightsException(
          file,
          "would need a header of %d bytes; at most %d are allowed"
              .formatted(json.length, SafetensorsHeader.HEADER_BYTES_MAX));
    }
    ByteBuffer frame = ByteBuffer.allocate(padded).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    frame.putLong(padded - Long.BYTES).put(json);
    frame.put(" ".repeat(padded - unpadded).getBytes(StandardCharsets.US_ASCII));
    return frame.array();
  }

  private static void writeContent(FileChannel channel, Path file, PlannedTensor tensor)
      throws IOException {
    try (Arena scratch = Arena.ofConfined()) {
      MemorySegment bytes = tensor.content().bytes(scratch);
      if (bytes.byteSize() != tensor.byteSize()) {
        throw new WeightsException(
            file,
            "tensor %s was announced with %d bytes, but %d came"
                .formatted(tensor.name(), tensor.byteSize(), bytes.byteSize()));
      }
      for (long at = 0; at < bytes.byteSize(); at += CHUNK_BYTES) {
        long chunk = Math.min(CHUNK_BYTES, bytes.byteSize() - at);
        writeFully(channel, bytes.asSlice(at, chunk).asByteBuffer());
      }
    }
  }

  private static void writeFully(FileChannel channel, ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }
}
