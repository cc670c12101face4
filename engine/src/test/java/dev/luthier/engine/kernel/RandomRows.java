package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.Bf16;
import dev.luthier.engine.weights.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/// Rows of random numbers on raw memory, further apart than they are long; what lies between them
/// must stay as it was.
final class RandomRows {
  final long address;
  final int rows;
  final int columns;
  final long stride;
  private final DType type;
  private final MemorySegment before;

  private RandomRows(long address, int rows, int columns, long stride, DType type) {
    this.address = address;
    this.rows = rows;
    this.columns = columns;
    this.stride = stride;
    this.type = type;
    this.before = MemorySegment.ofArray(all().toArray(ValueLayout.JAVA_BYTE));
  }

  Strided strided() {
    return new Strided(address, stride);
  }

  /// Normally distributed, times `scale`.
  static RandomRows of(
      Memory memory, RandomGenerator random, DType type, int rows, int columns, double scale) {
    long stride = columns + 3L;
    int bytes = type.bytes();
    long address = memory.allocate(rows * stride * bytes);
    for (long i = 0; i < rows * stride; i++) {
      float value = (float) (random.nextGaussian() * scale);
      if (type == DType.BF16) {
        Memory.ALL.set(ValueLayout.JAVA_SHORT, address + 2 * i, Bf16.of(value));
      } else {
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, address + 4 * i, value);
      }
    }
    return new RandomRows(address, rows, columns, stride, type);
  }

  private MemorySegment all() {
    return Memory.segment(address, rows * stride * type.bytes());
  }

  private static float read(MemorySegment from, DType type, long index) {
    return type == DType.BF16
        ? Bf16.toFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index))
        : from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * index);
  }

  /// As the kernel left it.
  float get(int row, int column) {
    return read(all(), type, row * stride + column);
  }

  /// As it was made, or last set.
  double before(int row, int column) {
    return read(before, type, row * stride + column);
  }

  void set(int row, int column, float value) {
    long at = row * stride + column;
    for (var memory : new MemorySegment[] {all(), before}) {
      if (type == DType.BF16) {
        memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * at, Bf16.of(value));
      } else {
        memory.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 4 * at, value);
      }
    }
  }

  /// Everything but the first `columns` of each row is untouched.
  void assertGapsUntouched(String message) {
    for (int row = 0; row < rows; row++) {
      for (long i = row * stride + columns; i < (row + 1) * stride; i++) {
        assertEquals(read(before, type, i), read(all(), type, i), message + ", gap");
      }
    }
  }

  /// Near `expected`, relative to it and to `scale`.
  void assertNear(
      double expected, int row, int column, double relative, double absolute, String m) {
    double margin = relative * Math.abs(expected) + absolute;
    assertEquals(
        expected, get(row, column), margin, () -> m + ", row " + row + " column " + column);
  }
}
