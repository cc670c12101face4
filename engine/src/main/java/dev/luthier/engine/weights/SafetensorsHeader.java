package dev.luthier.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The checked header of a safetensors file: eight bytes of length, that many bytes of JSON, then
/// the tensors' bytes without gap or overlap up to the end of the file (the format's published
/// rules; the limits are tighter and ours).
record SafetensorsHeader(Map<String, StoredTensor> tensors, Map<String, String> metadata) {
  static final long HEADER_BYTES_MAX = 16L << 20;
  static final int TENSORS_MAX = 65_536;
  static final String METADATA = "__metadata__";

  private static final ValueLayout.OfLong LENGTH =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  static SafetensorsHeader parse(Path file, MemorySegment bytes) {
    return new Parser(file, bytes).parse();
  }

  // Lives only while one header is checked and is never compared.
  @SuppressWarnings("ArrayRecordComponent")
  private record Entry(String name, DType type, long[] shape, long begin, long end) {}

  private static final class Parser {
    private final Path file;
    private final MemorySegment bytes;

    Parser(Path file, MemorySegment bytes) {
      this.file = file;
      this.bytes = bytes;
    }

    SafetensorsHeader parse() {
      if (bytes.byteSize() < Long.BYTES) {
        throw fault(
            "is %d bytes long; a safetensors file starts with 8 bytes of header length"
                .formatted(bytes.byteSize()));
      }
      long headerBytes = bytes.get(LENGTH, 0);
      long rest = bytes.byteSize() - Long.BYTES;
      if (headerBytes < 2 || headerBytes > HEADER_BYTES_MAX) {
        throw fault(
            "claims a header of %s bytes; 2 to %d are allowed"
                .formatted(Long.toUnsignedString(headerBytes), HEADER_BYTES_MAX));
      }
      if (headerBytes > rest) {
        throw fault("claims a header of %d bytes, but only %d follow".formatted(headerBytes, rest));
      }
      JsonNode root = json(bytes.asSlice(Long.BYTES, headerBytes));
      if (root.size() > TENSORS_MAX + 1) {
        throw fault("lists %d tensors; at most %d are allowed".formatted(root.size(), TENSORS_MAX));
      }
      MemorySegment data = bytes.asSlice(Long.BYTES + headerBytes);
      return new SafetensorsHeader(tensors(root, data), metadata(root.get(METADATA)));
    }

    private JsonNode json(MemorySegment header) {
      ByteBuffer buffer = header.asByteBuffer();
      if (buffer.get(0) != '{') {
        throw fault("has a header that does not start with '{'");
      }
      try {
        String text = StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
        return JSON.readTree(text);
      } catch (CharacterCodingException e) {
        throw new WeightsException(file, "has a header that is not UTF-8", e);
      } catch (JacksonException e) {
        throw new WeightsException(
            file, "has a header that is not valid JSON: " + e.getOriginalMessage(), e);
      }
    }

    private Map<String, String> metadata(@Nullable JsonNode node) {
      if (node == null) {
        return Map.of();
      }
      if (!node.isObject()) {
        throw fault("%s must be an object of texts".formatted(METADATA));
      }
      Map<String, String> metadata = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> entry : node.properties()) {
        if (!entry.getValue().isString()) {
          throw fault("%s.%s must be a text".formatted(METADATA, entry.getKey()));
        }
        metadata.put(entry.getKey(), entry.getValue().stringValue());
      }
      return Collections.unmodifiableMap(metadata);
    }

    private Map<String, StoredTensor> tensors(JsonNode root, MemorySegment data) {
      List<Entry> entries = new ArrayList<>(root.size());
      for (Map.Entry<String, JsonNode> property : root.properties()) {
        if (!property.getKey().equals(METADATA)) {
          entries.add(entry(property.getKey(), property.getValue()));
        }
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      Map<String, StoredTensor> tensors = new LinkedHashMap<>(entries.size() * 2);
      long filled = 0;
      for (Entry entry : entries) {
        if (entry.begin() != filled) {
          throw fault(
              "tensor %s starts at byte %d of the data, but the one before it ends at %d"
                  .formatted(entry.name(), entry.begin(), filled));
        }
        if (entry.end() > data.byteSize()) {
          throw fault(
              "tensor %s ends at byte %d, but the file holds only %d bytes of data"
                  .formatted(entry.name(), entry.end(), data.byteSize()));
        }
        MemorySegment slice = data.asSlice(entry.begin(), entry.end() - entry.begin());
        tensors.put(
            entry.name(), new StoredTensor(entry.name(), entry.type(), entry.shape(), slice));
        filled = entry.end();
      }
      if (filled != data.byteSize()) {
        throw fault(
            "its tensors end at byte %d, but the file holds %d bytes of data"
                .formatted(filled, data.byteSize()));
      }
      return Collections.unmodifiableMap(tensors);
    }

    private Entry entry(String name, JsonNode node) {
      DType type = type(name, node.path("dtype"));
      long[] shape = sizes(name, "shape", node.path("shape"));
      long[] offsets = sizes(name, "data_offsets", node.path("data_offsets"));
      if (offsets.length != 2 || offsets[0] > offsets[1]) {
        throw fault("tensor %s: data_offsets must be a begin and an end after it".formatted(name));
      }
      long needed = ExactSize.times(ExactSize.elements(shape), type.bytes());
      if (needed != offsets[1] - offsets[0]) {
        throw fault(
            "tensor %s: its type and shape take %s bytes, but its offsets span %d"
                .formatted(
                    name,
                    needed == ExactSize.TOO_LARGE ? "too many" : needed,
                    offsets[1] - offsets[0]));
      }
      return new Entry(name, type, shape, offsets[0], offsets[1]);
    }

    private DType type(String name, JsonNode node) {
      for (DType type : DType.values()) {
        if (node.isString() && node.stringValue().equals(type.name())) {
          return type;
        }
      }
      throw fault("tensor %s: unknown dtype %s".formatted(name, node));
    }

    private long[] sizes(String name, String key, JsonNode node) {
      if (!node.isArray()) {
        throw fault("tensor %s: %s must be a list of numbers".formatted(name, key));
      }
      long[] sizes = new long[node.size()];
      for (int i = 0; i < sizes.length; i++) {
        JsonNode size = node.get(i);
        if (!size.isIntegralNumber() || !size.canConvertToLong() || size.longValue() < 0) {
          throw fault(
              "tensor %s: %s[%d] is %s; a whole number from 0 is needed"
                  .formatted(name, key, i, size));
        }
        sizes[i] = size.longValue();
      }
      return sizes;
    }

    private WeightsException fault(String reason) {
      return new WeightsException(file, reason);
    }
  }
}
