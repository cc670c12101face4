package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What becomes of a tile of sums, fp32 [rows][64], on its way to its matrix. Addresses are those
/// of the tile's first row, strides count elements; the first `columns` of 64 are wanted.
final class Tile {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final int LANES = 16;
  private static final long ROW_BYTES = Operand.BLOCK * 4L;

  private Tile() {}

  /// to [rows,columns] bf16 = scale tile.
  static void round(long tile, int rows, int columns, float scale, long to, long stride) {
    int even = columns / LANES * LANES;
    for (long r = 0; r < rows; r++) {
      roundRow(tile + r * ROW_BYTES, even, scale, to + r * stride * 2);
      for (int c = even; c < columns; c++) {
        putBf16(get(tile + r * ROW_BYTES, c) * scale, to + (r * stride + c) * 2);
      }
    }
  }

  private static void roundRow(long tile, int columns, float scale, long to) {
    for (long c = 0; c < columns; c += LANES) {
      var value =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + c * 4, LITTLE_ENDIAN).mul(scale);
      var bits = value.reinterpretAsInts();
      var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      var rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
          .intoMemorySegment(Memory.ALL, to + c * 2, LITTLE_ENDIAN);
    }
  }

  /// to [rows,columns] bf16 = scale tile + with, a bf16 matrix that may be `to`.
  static void roundWith(
      long tile,
      int rows,
      int columns,
      float scale,
      long with,
      long withStride,
      long to,
      long stride) {
    int even = columns / LANES * LANES;
    for (long r = 0; r < rows; r++) {
      long other = with + r * withStride * 2;
      roundRowWith(tile + r * ROW_BYTES, even, scale, other, to + r * stride * 2);
      for (int c = even; c < columns; c++) {
        int bits = Memory.ALL.get(ValueLayout.JAVA_SHORT, other + c * 2L) << 16;
        float sum = Math.fma(get(tile + r * ROW_BYTES, c), scale, Float.intBitsToFloat(bits));
        putBf16(sum, to + (r * stride + c) * 2);
      }
    }
  }

  private static void roundRowWith(long tile, int columns, float scale, long with, long to) {
    for (long c = 0; c < columns; c += LANES) {
      var other = ShortVector.fromMemorySegment(HALF, Memory.ALL, with + c * 2, LITTLE_ENDIAN);
      var residual =
          ((IntVector) other.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var bits =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + c * 4, LITTLE_ENDIAN)
              .fma(FloatVector.broadcast(FLOATS, scale), residual)
              .reinterpretAsInts();
      var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
      var rounded = bits.add(0x7fff).add(odd).lanewise(VectorOperators.LSHR, 16);
      ((ShortVector) rounded.convertShape(VectorOperators.I2S, HALF, 0))
          .intoMemorySegment(Memory.ALL, to + c * 2, LITTLE_ENDIAN);
    }
  }

  /// to [rows,columns] fp32 = (add ? to : 0) + tile.
  static void put(long tile, int rows, int columns, boolean add, long to, long stride) {
    int even = columns / LANES * LANES;
    for (long r = 0; r < rows; r++) {
      long row = to + r * stride * 4;
      if (add) {
        addRow(tile + r * ROW_BYTES, even, row);
      } else {
        Memory.ALL
            .asSlice(row, even * 4L)
            .copyFrom(Memory.ALL.asSlice(tile + r * ROW_BYTES, even * 4L));
      }
      for (int c = even; c < columns; c++) {
        float before = add ? get(row, c) : 0;
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, row + c * 4L, before + get(tile + r * ROW_BYTES, c));
      }
    }
  }

  private static void addRow(long tile, int columns, long to) {
    for (long c = 0; c < columns; c += LANES) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + c * 4, LITTLE_ENDIAN)
          .add(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + c * 4, LITTLE_ENDIAN))
          .intoMemorySegment(Memory.ALL, to + c * 4, LITTLE_ENDIAN);
    }
  }

  private static float get(long row, int column) {
    return Memory.ALL.get(ValueLayout.JAVA_FLOAT, row + column * 4L);
  }

  private static void putBf16(float value, long to) {
    int bits = Float.floatToRawIntBits(value);
    int rounded = (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
    Memory.ALL.set(ValueLayout.JAVA_SHORT, to, (short) rounded);
  }
}
