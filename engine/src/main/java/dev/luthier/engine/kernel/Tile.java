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

  private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;

  /// Picks the upper halves of 32 ints, those of two vectors in one step.
  static final ShortVector UPPER_HALVES = upperHalves();

  private Tile() {}

  private static ShortVector upperHalves() {
    var lanes = new short[2 * LANES];
    for (int lane = 0; lane < 2 * LANES; lane++) {
      lanes[lane] = (short) (2 * lane + 1);
    }
    return ShortVector.fromArray(SHORTS, lanes, 0);
  }

  /// to [rows,columns] bf16 = scale tile.
  static void round(long tile, int rows, int columns, float scale, long to, long stride) {
    int even = columns / (2 * LANES) * (2 * LANES);
    for (long c = 0; c < even; c += 2 * LANES) {
      roundHalves(tile + c * 4, rows, scale, to + c * 2, stride);
    }
    for (long r = 0; r < rows; r++) {
      for (int c = even; c < columns; c++) {
        putBf16(get(tile + r * ROW_BYTES, c) * scale, to + (r * stride + c) * 2);
      }
    }
  }

  /// 32 columns. The upper halves of two vectors are gathered in one step.
  private static void roundHalves(long tile, int rows, float scale, long to, long stride) {
    for (long r = 0; r < rows; r++) {
      long from = tile + r * ROW_BYTES;
      var a =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from, LITTLE_ENDIAN)
              .mul(scale)
              .reinterpretAsInts();
      var b =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + 64, LITTLE_ENDIAN)
              .mul(scale)
              .reinterpretAsInts();
      var oddA = a.lanewise(VectorOperators.LSHR, 16).and(1);
      var oddB = b.lanewise(VectorOperators.LSHR, 16).and(1);
      UPPER_HALVES
          .selectFrom(
              a.add(0x7fff).add(oddA).reinterpretAsShorts(),
              b.add(0x7fff).add(oddB).reinterpretAsShorts())
          .intoMemorySegment(Memory.ALL, to + r * stride * 2, LITTLE_ENDIAN);
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
    int even = columns / (2 * LANES) * (2 * LANES);
    for (long c = 0; c < even; c += 2 * LANES) {
      roundHalvesWith(tile + c * 4, rows, scale, with + c * 2, withStride, to + c * 2, stride);
    }
    for (long r = 0; r < rows; r++) {
      for (int c = even; c < columns; c++) {
        long other = with + (r * withStride + c) * 2;
        int bits = Memory.ALL.get(ValueLayout.JAVA_SHORT, other) << 16;
        float sum = Math.fma(get(tile + r * ROW_BYTES, c), scale, Float.intBitsToFloat(bits));
        putBf16(sum, to + (r * stride + c) * 2);
      }
    }
  }

  /// 32 columns.
  private static void roundHalvesWith(
      long tile, int rows, float scale, long with, long withStride, long to, long stride) {
    var scales = FloatVector.broadcast(FLOATS, scale);
    for (long r = 0; r < rows; r++) {
      long from = tile + r * ROW_BYTES;
      var a = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from, LITTLE_ENDIAN);
      var b = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + 64, LITTLE_ENDIAN);
      long other = with + r * withStride * 2;
      var first = ShortVector.fromMemorySegment(HALF, Memory.ALL, other, LITTLE_ENDIAN);
      var second = ShortVector.fromMemorySegment(HALF, Memory.ALL, other + 32, LITTLE_ENDIAN);
      var residualA =
          ((IntVector) first.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var residualB =
          ((IntVector) second.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var sumA = a.fma(scales, residualA).reinterpretAsInts();
      var sumB = b.fma(scales, residualB).reinterpretAsInts();
      var oddA = sumA.lanewise(VectorOperators.LSHR, 16).and(1);
      var oddB = sumB.lanewise(VectorOperators.LSHR, 16).and(1);
      UPPER_HALVES
          .selectFrom(
              sumA.add(0x7fff).add(oddA).reinterpretAsShorts(),
              sumB.add(0x7fff).add(oddB).reinterpretAsShorts())
          .intoMemorySegment(Memory.ALL, to + r * stride * 2, LITTLE_ENDIAN);
    }
  }

  /// to [rows,columns] bf16 = bf16(tile) + low, `low` another tile: two roundings, as of a product
  /// that is written down before the other is added to it.
  static void roundAdapted(long tile, long low, int rows, int columns, long to, long stride) {
    int even = columns / (2 * LANES) * (2 * LANES);
    for (long c = 0; c < even; c += 2 * LANES) {
      adaptHalves(tile + c * 4, low + c * 4, rows, to + c * 2, stride);
    }
    for (long r = 0; r < rows; r++) {
      for (int c = even; c < columns; c++) {
        float base = bf16(get(tile + r * ROW_BYTES, c));
        putBf16(base + get(low + r * ROW_BYTES, c), to + (r * stride + c) * 2);
      }
    }
  }

  /// 32 columns.
  private static void adaptHalves(long tile, long low, int rows, long to, long stride) {
    for (long r = 0; r < rows; r++) {
      long from = tile + r * ROW_BYTES;
      var a = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from, LITTLE_ENDIAN);
      var b = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + 64, LITTLE_ENDIAN);
      long part = low + r * ROW_BYTES;
      var sumA =
          rounded(a)
              .add(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, part, LITTLE_ENDIAN))
              .reinterpretAsInts();
      var sumB =
          rounded(b)
              .add(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, part + 64, LITTLE_ENDIAN))
              .reinterpretAsInts();
      putUpper(sumA, sumB, to + r * stride * 2);
    }
  }

  /// Each lane to the nearest bf16, ties to even.
  private static FloatVector rounded(FloatVector x) {
    var bits = x.reinterpretAsInts();
    var odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
    return bits.add(0x7fff).add(odd).and(0xffff0000).reinterpretAsFloats();
  }

  private static void putUpper(IntVector a, IntVector b, long to) {
    var oddA = a.lanewise(VectorOperators.LSHR, 16).and(1);
    var oddB = b.lanewise(VectorOperators.LSHR, 16).and(1);
    UPPER_HALVES
        .selectFrom(
            a.add(0x7fff).add(oddA).reinterpretAsShorts(),
            b.add(0x7fff).add(oddB).reinterpretAsShorts())
        .intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
  }

  private static float bf16(float x) {
    int bits = Float.floatToRawIntBits(x);
    return Float.intBitsToFloat((bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000);
  }

  /// to [rows,columns] fp32 = (add ? to : 0) + tile.
  static void put(long tile, int rows, int columns, boolean add, long to, long stride) {
    int even = columns / LANES * LANES;
    for (long c = 0; c < even; c += LANES) {
      if (add) {
        addLanes(tile + c * 4, rows, to + c * 4, stride * 4);
      } else {
        copyLanes(tile + c * 4, rows, to + c * 4, stride * 4);
      }
    }
    for (long r = 0; r < rows; r++) {
      long row = to + r * stride * 4;
      for (int c = even; c < columns; c++) {
        float before = add ? get(row, c) : 0;
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, row + c * 4L, before + get(tile + r * ROW_BYTES, c));
      }
    }
  }

  private static void copyLanes(long tile, int rows, long to, long strideBytes) {
    for (long r = 0; r < rows; r++) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, tile + r * ROW_BYTES, LITTLE_ENDIAN)
          .intoMemorySegment(Memory.ALL, to + r * strideBytes, LITTLE_ENDIAN);
    }
  }

  private static void addLanes(long tile, int rows, long to, long strideBytes) {
    for (long r = 0; r < rows; r++) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + r * strideBytes, LITTLE_ENDIAN)
          .add(
              FloatVector.fromMemorySegment(
                  FLOATS, Memory.ALL, tile + r * ROW_BYTES, LITTLE_ENDIAN))
          .intoMemorySegment(Memory.ALL, to + r * strideBytes, LITTLE_ENDIAN);
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
