package dev.luthier.engine.weights;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// Reads a GGUF header forwards. Every read says what it is after, so that a truncated file is
/// refused by name.
final class GgufCursor {
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private long position;

  GgufCursor(Path file, MemorySegment bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  long position() {
    return position;
  }

  long remaining() {
    return bytes.byteSize() - position;
  }

  byte i8(String what) {
    return bytes.get(ValueLayout.JAVA_BYTE, take(Byte.BYTES, what));
  }

  short i16(String what) {
    return bytes.get(SHORT, take(Short.BYTES, what));
  }

  int i32(String what) {
    return bytes.get(INT, take(Integer.BYTES, what));
  }

  long i64(String what) {
    return bytes.get(LONG, take(Long.BYTES, what));
  }

  /// A count of things that take at least `leastBytes` each: refused above `most` and when the file
  /// is too short for it.
  int count(String what, long most, long leastBytes) {
    long count = i64(what);
    if (count < 0 || count > most) {
      throw fault(
          "%s is %s; at most %d are allowed".formatted(what, Long.toUnsignedString(count), most));
    }
    if (ExactSize.times(count, leastBytes) > remaining()) {
      throw fault(
          "%s is %d, which takes at least %d bytes, but only %d follow"
              .formatted(what, count, count * leastBytes, remaining()));
    }
    return (int) count;
  }

  String text(String what, int mostBytes) {
    int length = count("the length of " + what, mostBytes, 1);
    MemorySegment slice = bytes.asSlice(take(length, what), length);
    return length == 0
        ? ""
        : new String(slice.toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
  }

  WeightsException fault(String reason) {
    return new WeightsException(file, reason + " (near byte " + position + ")");
  }

  private long take(long length, String what) {
    if (length > remaining()) {
      throw fault("ends before %s: %d bytes needed, %d left".formatted(what, length, remaining()));
    }
    long start = position;
    position += length;
    return start;
  }
}
