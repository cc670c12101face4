package dev.luthier.engine.kernel;

import java.lang.foreign.ValueLayout;
import java.util.Random;

/// Matrices in raw memory that tests fill and read element by element.
final class Matrices {
  private final Memory memory;
  private final Random random;

  Matrices(Memory memory, Random random) {
    this.memory = memory;
    this.random = random;
  }

  /// bf16 [rows, stride], normally distributed, with NaN between the columns and the stride, so
  /// that whoever reads there is found out.
  Strided bf16(int rows, int columns, int stride) {
    long address = memory.allocate(Math.max(1, (long) rows * stride * 2));
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < stride; c++) {
        float value = c < columns ? (float) random.nextGaussian() : Float.NaN;
        putBf16(new Strided(address, stride), r, c, value);
      }
    }
    return new Strided(address, stride);
  }

  /// fp32 [rows, stride], normally distributed.
  Strided fp32(int rows, int stride) {
    long address = memory.allocate(Math.max(1, (long) rows * stride * 4));
    for (long i = 0; i < (long) rows * stride; i++) {
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, address + i * 4, (float) random.nextGaussian());
    }
    return new Strided(address, stride);
  }

  static void putBf16(Strided m, long row, long column, float value) {
    short bits = (short) (Float.floatToRawIntBits(value) >>> 16);
    Memory.ALL.set(ValueLayout.JAVA_SHORT, m.address() + (row * m.stride() + column) * 2, bits);
  }

  static short bits16(Strided m, long row, long column) {
    return Memory.ALL.get(ValueLayout.JAVA_SHORT, m.address() + (row * m.stride() + column) * 2);
  }

  static float bf16(Strided m, long row, long column) {
    return Float.intBitsToFloat(bits16(m, row, column) << 16);
  }

  static float fp32(Strided m, long row, long column) {
    return Memory.ALL.get(ValueLayout.JAVA_FLOAT, m.address() + (row * m.stride() + column) * 4);
  }

  static float[][] copyFp32(Strided m, int rows, int columns) {
    var copy = new float[rows][columns];
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        copy[r][c] = fp32(m, r, c);
      }
    }
    return copy;
  }

  /// A value as bf16 holds it, rounded to nearest even.
  static float round(double value) {
    int bits = Float.floatToRawIntBits((float) value);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }
}
