package dev.luthier.engine.weights;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The checked header of a GGUF file: magic, version, counts, key-value pairs, tensor list; the
/// tensors' bytes follow at the next multiple of the alignment (the format's published description;
/// the limits are ours).
record GgufHeader(GgufMetadata metadata, Map<String, GgufTensor> tensors) {
  static final int TENSORS_MAX = 65_536;
  static final int PAIRS_MAX = 65_536;
  static final int ELEMENTS_MAX = 4 << 20;
  static final int TEXT_BYTES_MAX = 16 << 20;
  static final int NAME_BYTES_MAX = 65_535;
  static final int DIMENSIONS_MAX = 4;
  static final long ALIGNMENT_MAX = 1 << 20;

  private static final int MAGIC = 0x46554747; // "GGUF" read as a little-endian number
  private static final long ALIGNMENT_DEFAULT = 32;

  static GgufHeader parse(Path file, MemorySegment bytes) {
    return new Parser(file, bytes).parse();
  }

  private static final class Parser {
    private final Path file;
    private final MemorySegment bytes;
    private final GgufCursor cursor;

    Parser(Path file, MemorySegment bytes) {
      this.file = file;
      this.bytes = bytes;
      this.cursor = new GgufCursor(file, bytes);
    }

    GgufHeader parse() {
      if (cursor.i32("the magic number") != MAGIC) {
        throw cursor.fault("does not start with GGUF");
      }
      int version = cursor.i32("the version");
      if (version != 2 && version != 3) {
        throw cursor.fault(
            Integer.reverseBytes(version) == 3 || Integer.reverseBytes(version) == 2
                ? "is a big-endian GGUF; convert it to little endian"
                : "is GGUF version %d; versions 2 and 3 can be read".formatted(version));
      }
      // A tensor takes at least a name's length, dimensions, type and offset; a pair a key's
      // length, a type and a byte.
      int tensors = cursor.count("the number of tensors", TENSORS_MAX, 8 + 4 + 4 + 8);
      int pairs = cursor.count("the number of metadata pairs", PAIRS_MAX, 8 + 4 + 1);
      GgufMetadata metadata = new GgufMetadata(file, pairs(pairs));
      return new GgufHeader(metadata, tensors(tensors, alignment(metadata)));
    }

    private long alignment(GgufMetadata metadata) {
      long alignment = metadata.whole("general.alignment").orElse(ALIGNMENT_DEFAULT);
      if (alignment < 8 || alignment > ALIGNMENT_MAX || Long.bitCount(alignment) != 1) {
        throw cursor.fault(
            "general.alignment is %d; a power of two from 8 to %d is needed"
                .formatted(alignment, ALIGNMENT_MAX));
      }
      return alignment;
    }

    private Map<String, Object> pairs(int count) {
      Map<String, Object> values = new LinkedHashMap<>();
      for (int i = 0; i < count; i++) {
        String key = cursor.text("the key of metadata pair " + i, NAME_BYTES_MAX);
        if (values.put(key, value(key, cursor.i32("the type of metadata " + key))) != null) {
          throw cursor.fault("has two metadata pairs named " + key);
        }
      }
      return values;
    }

    private Object value(String key, int type) {
      String what = "metadata " + key;
      return switch (type) {
        case 0, 1, 2, 3, 4, 5, 10, 11 -> whole(what, type);
        case 6, 12 -> fraction(what, type);
        case 7 -> cursor.i8(what) != 0;
        case 8 -> cursor.text(what, TEXT_BYTES_MAX);
        case 9 -> list(what);
        default -> throw cursor.fault(what + " has the unknown type " + type);
      };
    }

    private long whole(String what, int type) {
      return switch (type) {
        case 0 -> cursor.i8(what) & 0xffL;
        case 1 -> cursor.i8(what);
        case 2 -> cursor.i16(what) & 0xffffL;
        case 3 -> cursor.i16(what);
        case 4 -> Integer.toUnsignedLong(cursor.i32(what));
        case 5 -> cursor.i32(what);
        default -> cursor.i64(what);
      };
    }

    private double fraction(String what, int type) {
      return type == 6
          ? Float.intBitsToFloat(cursor.i32(what))
          : Double.longBitsToDouble(cursor.i64(what));
    }

    private Object list(String what) {
      int type = cursor.i32("the element type of " + what);
      int elementBytes =
          switch (type) {
            case 0, 1, 7 -> 1;
            case 2, 3 -> 2;
            case 4, 5, 6 -> 4;
            case 8, 10, 11, 12 -> 8;
            default -> throw cursor.fault(what + " is a list of the unsupported type " + type);
          };
      int count = cursor.count("the number of elements of " + what, ELEMENTS_MAX, elementBytes);
      return switch (type) {
        case 6, 12 -> fractions(what, type, count);
        case 8 -> texts(what, count);
        default -> wholes(what, type == 7 ? 0 : type, count);
      };
    }

    private double[] fractions(String what, int type, int count) {
      double[] fractions = new double[count];
      for (int i = 0; i < count; i++) {
        fractions[i] = fraction(what, type);
      }
      return fractions;
    }

    private long[] wholes(String what, int type, int count) {
      long[] wholes = new long[count];
      for (int i = 0; i < count; i++) {
        wholes[i] = whole(what, type);
      }
      return wholes;
    }

    private List<String> texts(String what, int count) {
      List<String> texts = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        texts.add(cursor.text(what, TEXT_BYTES_MAX));
      }
      return Collections.unmodifiableList(texts);
    }

    /// `offset` counts from the start of the data.
    // Lives only while one header is checked and is never compared.
    @SuppressWarnings("ArrayRecordComponent")
    private record Entry(String name, GgufType type, long[] shape, long offset, long size) {}

    private Map<String, GgufTensor> tensors(int count, long alignment) {
      List<Entry> entries = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        entries.add(entry(cursor.text("the name of tensor " + i, NAME_BYTES_MAX), alignment));
      }
      long dataStart = (cursor.position() + alignment - 1) / alignment * alignment;
      long dataBytes = Math.max(0, bytes.byteSize() - dataStart);
      checkPlaces(entries, dataBytes);
      Map<String, GgufTensor> tensors = new LinkedHashMap<>();
      for (Entry entry : entries) {
        MemorySegment data = bytes.asSlice(dataStart + entry.offset(), entry.size());
        if (tensors.put(
                entry.name(), new GgufTensor(entry.name(), entry.type(), entry.shape(), data))
            != null) {
          throw cursor.fault("has two tensors named " + entry.name());
        }
      }
      return Collections.unmodifiableMap(tensors);
    }

    private Entry entry(String name, long alignment) {
      String what = "tensor " + name;
      int dimensions = cursor.i32("the number of dimensions of " + what);
      if (dimensions < 1 || dimensions > DIMENSIONS_MAX) {
        throw cursor.fault(
            "%s has %s dimensions; 1 to %d are allowed"
                .formatted(what, Integer.toUnsignedString(dimensions), DIMENSIONS_MAX));
      }
      long[] shape = new long[dimensions];
      for (int i = dimensions - 1; i >= 0; i--) {
        shape[i] = cursor.i64("a dimension of " + what);
        if (shape[i] < 1) {
          throw cursor.fault(
              "%s has a dimension of %d; at least 1 is needed".formatted(what, shape[i]));
        }
      }
      int number = cursor.i32("the type of " + what);
      Optional<GgufType> type = GgufType.ofNumber(number);
      if (type.isEmpty()) {
        throw cursor.fault(
            "%s has type %d, which is not supported; supported are %s"
                .formatted(what, number, List.of(GgufType.values())));
      }
      long offset = cursor.i64("the offset of " + what);
      if (offset < 0 || offset % alignment != 0) {
        throw cursor.fault(
            "%s starts at offset %s, which is not a multiple of the alignment %d"
                .formatted(what, Long.toUnsignedString(offset), alignment));
      }
      return new Entry(name, type.get(), shape, offset, size(what, type.get(), shape));
    }

    private long size(String what, GgufType type, long[] shape) {
      long row = shape[shape.length - 1];
      if (row % type.blockElements() != 0) {
        throw cursor.fault(
            "%s has rows of %d elements, which is not a multiple of the %d of a %s block"
                .formatted(what, row, type.blockElements(), type));
      }
      long elements = ExactSize.elements(shape);
      long size =
          elements == ExactSize.TOO_LARGE
              ? ExactSize.TOO_LARGE
              : ExactSize.times(elements / type.blockElements(), type.blockBytes());
      if (size > bytes.byteSize()) {
        throw cursor.fault(
            "%s takes %s bytes, but the whole file has %d"
                .formatted(
                    what, size == ExactSize.TOO_LARGE ? "more than 2^63" : size, bytes.byteSize()));
      }
      return size;
    }

    private void checkPlaces(List<Entry> entries, long dataBytes) {
      long filled = 0;
      String before = "nothing";
      for (Entry entry :
          entries.stream().sorted(Comparator.comparingLong(Entry::offset)).toList()) {
        if (entry.offset() < filled) {
          throw cursor.fault(
              "tensor %s starts at %d of the data, inside tensor %s, which ends at %d"
                  .formatted(entry.name(), entry.offset(), before, filled));
        }
        filled = ExactSize.plus(entry.offset(), entry.size());
        before = entry.name();
        if (filled > dataBytes) {
          throw cursor.fault(
              "tensor %s spans %d bytes from %d of the data, but the file holds only %d bytes of data"
                  .formatted(entry.name(), entry.size(), entry.offset(), dataBytes));
        }
      }
    }
  }
}
