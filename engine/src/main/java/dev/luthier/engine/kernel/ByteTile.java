package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What becomes of a tile of the int32 sums that products in bytes make, [rows][64]: less the
/// column's sums (bytes of rows are unsigned), times the scales of row and column.
final class ByteTile {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final int LANES = 16;

  /// Bytes of a row of a tile.
  private static final long ROW = Operand.BLOCK * 4L;

  private ByteTile() {}

  /// to [rows,64] bf16 = results of one plane + with, bf16 too. The scales of rows are floats,
  /// `rowScaleBytes` apart.
  static void round(
      long sums,
      int rows,
      long columnSums,
      long scales,
      long rowScales,
      long rowScaleBytes,
      long with,
      long withStride,
      long to,
      long stride) {
    for (long c = 0; c < Operand.BLOCK; c += 2 * LANES) {
      roundHalves(
          sums + c * 4,
          rows,
          columnSums + c * 4,
          scales + c * 4,
          rowScales,
          rowScaleBytes,
          with + c * 2,
          withStride * 2,
          to + c * 2,
          stride * 2);
    }
  }

  /// 32 columns.
  private static void roundHalves(
      long sums,
      int rows,
      long columnSums,
      long scales,
      long rowScales,
      long rowScaleBytes,
      long with,
      long withBytes,
      long to,
      long toBytes) {
    var lessA = IntVector.fromMemorySegment(INTS, Memory.ALL, columnSums, LITTLE_ENDIAN);
    var lessB = IntVector.fromMemorySegment(INTS, Memory.ALL, columnSums + 64, LITTLE_ENDIAN);
    var channelA = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scales, LITTLE_ENDIAN);
    var channelB = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scales + 64, LITTLE_ENDIAN);
    for (long r = 0; r < rows; r++) {
      float scale = Memory.ALL.get(ValueLayout.JAVA_FLOAT_UNALIGNED, rowScales + r * rowScaleBytes);
      long from = sums + r * ROW;
      var a = IntVector.fromMemorySegment(INTS, Memory.ALL, from, LITTLE_ENDIAN).sub(lessA);
      var b = IntVector.fromMemorySegment(INTS, Memory.ALL, from + 64, LITTLE_ENDIAN).sub(lessB);
      long other = with + r * withBytes;
      var first = ShortVector.fromMemorySegment(HALF, Memory.ALL, other, LITTLE_ENDIAN);
      var second = ShortVector.fromMemorySegment(HALF, Memory.ALL, other + 32, LITTLE_ENDIAN);
      var withA =
          ((IntVector) first.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var withB =
          ((IntVector) second.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var sumA =
          ((FloatVector) a.convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(channelA.mul(scale))
              .add(withA)
              .reinterpretAsInts();
      var sumB =
          ((FloatVector) b.convertShape(VectorOperators.I2F, FLOATS, 0))
              .mul(channelB.mul(scale))
              .add(withB)
              .reinterpretAsInts();
      var oddA = sumA.lanewise(VectorOperators.LSHR, 16).and(1);
      var oddB = sumB.lanewise(VectorOperators.LSHR, 16).and(1);
      Tile.UPPER_HALVES
          .selectFrom(
              sumA.add(0x7fff).add(oddA).reinterpretAsShorts(),
              sumB.add(0x7fff).add(oddB).reinterpretAsShorts())
          .intoMemorySegment(Memory.ALL, to + r * toBytes, LITTLE_ENDIAN);
    }
  }

  /// 64 results of a row from the int32 sums of its plane, and a term [64] fp32.
  static void combineOne(long sums, long columnSums, long scales, float scale, long term, long to) {
    for (long c = 0; c < ROW; c += LANES * 4L) {
      var sum =
          IntVector.fromMemorySegment(INTS, Memory.ALL, sums + c, LITTLE_ENDIAN)
              .sub(IntVector.fromMemorySegment(INTS, Memory.ALL, columnSums + c, LITTLE_ENDIAN));
      var channel = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scales + c, LITTLE_ENDIAN);
      ((FloatVector) sum.convertShape(VectorOperators.I2F, FLOATS, 0))
          .fma(
              channel.mul(scale),
              FloatVector.fromMemorySegment(FLOATS, Memory.ALL, term + c, LITTLE_ENDIAN))
          .intoMemorySegment(Memory.ALL, to + c, LITTLE_ENDIAN);
    }
  }

  /// As above, of its two planes, which lie one after the other.
  static void combineTwo(long sums, long columnSums, long scales, float scale, long term, long to) {
    for (long c = 0; c < ROW; c += LANES * 4L) {
      var high =
          IntVector.fromMemorySegment(INTS, Memory.ALL, sums + c, LITTLE_ENDIAN)
              .sub(IntVector.fromMemorySegment(INTS, Memory.ALL, columnSums + c, LITTLE_ENDIAN));
      var low = IntVector.fromMemorySegment(INTS, Memory.ALL, sums + c + ROW, LITTLE_ENDIAN);
      var sum =
          ((FloatVector) high.convertShape(VectorOperators.I2F, FLOATS, 0))
              .fma(
                  FloatVector.broadcast(FLOATS, 256),
                  (FloatVector) low.convertShape(VectorOperators.I2F, FLOATS, 0));
      var channel = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scales + c, LITTLE_ENDIAN);
      sum.fma(
              channel.mul(scale),
              FloatVector.fromMemorySegment(FLOATS, Memory.ALL, term + c, LITTLE_ENDIAN))
          .intoMemorySegment(Memory.ALL, to + c, LITTLE_ENDIAN);
    }
  }
}
