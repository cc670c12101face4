package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.ScoreStrip.C1;
import static dev.luthier.engine.kernel.ScoreStrip.C2;
import static dev.luthier.engine.kernel.ScoreStrip.C3;
import static dev.luthier.engine.kernel.ScoreStrip.C4;
import static dev.luthier.engine.kernel.ScoreStrip.HALF;
import static dev.luthier.engine.kernel.ScoreStrip.LEAST;
import static dev.luthier.engine.kernel.ScoreStrip.ROUNDER;
import static dev.luthier.engine.kernel.ScoreStrip.UPPER;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops of attention's gradient, over a strip of transposed scores as [ScoreStrip] has them;
/// exp is the same.
///
/// Sums over queries take these in pairs (i, i + 16) of 32 instead of neighbours, and the elements
/// of a head as 16 even ones before 16 odd ones of 32: bf16 pairs are then made and taken apart
/// without moving a lane.
final class GradientStrip {
  private static final VectorSpecies<Float> FLOATS = ScoreStrip.FLOATS;
  private static final VectorSpecies<Integer> INTS = ScoreStrip.INTS;
  private static final int PAIR = 32;

  /// Bytes of a row of scores, and of 16 floats.
  private static final long ROW = 256;

  private static final int LANES = 64;

  private GradientStrip() {}

  /// 32 columns of 32 bf16 rows, r and r + 16 side by side: 16 rows of 32 pairs, the even columns
  /// first.
  static void pair(long rows, long strideBytes, long to, long toBytes) {
    for (int r = 0; r < PAIR / 2; r++) {
      long place = rows + r * strideBytes;
      var a = IntVector.fromMemorySegment(INTS, Memory.ALL, place, LITTLE_ENDIAN);
      var b =
          IntVector.fromMemorySegment(INTS, Memory.ALL, place + 16 * strideBytes, LITTLE_ENDIAN);
      long target = to + r * toBytes;
      a.and(0xffff).or(b.lanewise(LSHL, 16)).intoMemorySegment(Memory.ALL, target, LITTLE_ENDIAN);
      a.lanewise(LSHR, 16)
          .or(b.and(UPPER))
          .intoMemorySegment(Memory.ALL, target + LANES, LITTLE_ENDIAN);
    }
  }

  /// Adds the products of 32 columns of two bf16 matrices, pair by pair, to the 16 floats that each
  /// row has at `to`.
  static void products(long a, long aBytes, long b, long bBytes, int rows, long to) {
    for (int r = 0; r < rows; r++) {
      var x = IntVector.fromMemorySegment(INTS, Memory.ALL, a + r * aBytes, LITTLE_ENDIAN);
      var y = IntVector.fromMemorySegment(INTS, Memory.ALL, b + r * bBytes, LITTLE_ENDIAN);
      long target = to + (long) r * LANES;
      var sum = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, target, LITTLE_ENDIAN);
      sum =
          x.lanewise(LSHL, 16)
              .reinterpretAsFloats()
              .fma(y.lanewise(LSHL, 16).reinterpretAsFloats(), sum);
      x.and(UPPER)
          .reinterpretAsFloats()
          .fma(y.and(UPPER).reinterpretAsFloats(), sum)
          .intoMemorySegment(Memory.ALL, target, LITTLE_ENDIAN);
    }
  }

  /// The sum of 16 rows of one column of floats.
  static void down(long column, long to) {
    var sum = FloatVector.zero(FLOATS);
    for (int r = 0; r < 16; r++) {
      sum =
          sum.add(
              FloatVector.fromMemorySegment(FLOATS, Memory.ALL, column + r * ROW, LITTLE_ENDIAN));
    }
    sum.intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
  }

  /// to = factor * from, of a multiple of 16 floats.
  static void scaled(long from, float factor, int count, long to) {
    for (int i = 0; i < count; i += 16) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + i * 4L, LITTLE_ENDIAN)
          .mul(factor)
          .intoMemorySegment(Memory.ALL, to + i * 4L, LITTLE_ENDIAN);
    }
  }

  /// to += from, of a multiple of 16 floats.
  static void add(long from, long count, long to) {
    for (long i = 0; i < count; i += 16) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + i * 4, LITTLE_ENDIAN)
          .add(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + i * 4, LITTLE_ENDIAN))
          .intoMemorySegment(Memory.ALL, to + i * 4, LITTLE_ENDIAN);
    }
  }

  /// to = factor * from in bf16: 32 columns, which [#pair] ordered.
  static void round(long from, long fromBytes, int rows, float factor, long to, long toBytes) {
    for (int r = 0; r < rows; r++) {
      long place = from + r * fromBytes;
      var low =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN)
              .mul(factor)
              .reinterpretAsInts();
      var high =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + LANES, LITTLE_ENDIAN)
              .mul(factor)
              .reinterpretAsInts();
      low = low.add(low.lanewise(LSHR, 16).and(1).add(HALF - 1)).lanewise(LSHR, 16);
      high = high.add(high.lanewise(LSHR, 16).and(1).add(HALF - 1)).and(UPPER);
      low.or(high).intoMemorySegment(Memory.ALL, to + r * toBytes, LITTLE_ENDIAN);
    }
  }

  /// For 32 queries and `rows` (even) keys: P^T = 2^(factor * S^T - logarithm) and dS^T = P^T *
  /// (dP^T - rowSum), in bf16. Both go as A operands [keys,64] to `p` and `ds`, dS^T as B operand
  /// [keys,64] in pairs of rows to `pairs`. `logarithms` holds negative logarithms to base 2,
  /// `rowSums` one float a query.
  static void gradients(
      long scores,
      long dScores,
      int rows,
      float factor,
      long logarithms,
      long rowSums,
      long p,
      long ds,
      long pairs) {
    var shift0 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, logarithms, LITTLE_ENDIAN);
    var shift1 =
        FloatVector.fromMemorySegment(FLOATS, Memory.ALL, logarithms + LANES, LITTLE_ENDIAN);
    var sum0 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, rowSums, LITTLE_ENDIAN);
    var sum1 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, rowSums + LANES, LITTLE_ENDIAN);
    var scale = FloatVector.broadcast(FLOATS, factor);
    var rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    var one = FloatVector.broadcast(FLOATS, 1);
    var c1 = FloatVector.broadcast(FLOATS, C1);
    var c2 = FloatVector.broadcast(FLOATS, C2);
    var c3 = FloatVector.broadcast(FLOATS, C3);
    var c4 = FloatVector.broadcast(FLOATS, C4);
    for (int r = 0; r < rows; r += 2) {
      long s = scores + r * ROW;
      long d = dScores + r * ROW;
      var y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, s, LITTLE_ENDIAN).fma(scale, shift0);
      var n = y.add(rounder);
      var f = y.sub(n.sub(rounder));
      var p0 =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, one)
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      var d0 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d, LITTLE_ENDIAN)
              .sub(sum0)
              .mul(p0)
              .reinterpretAsInts()
              .add(HALF);
      y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, s + LANES, LITTLE_ENDIAN)
              .fma(scale, shift1);
      n = y.add(rounder);
      f = y.sub(n.sub(rounder));
      var p1 =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, one)
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      var d1 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + LANES, LITTLE_ENDIAN)
              .sub(sum1)
              .mul(p1)
              .reinterpretAsInts()
              .add(HALF);
      p0.reinterpretAsInts()
          .add(HALF)
          .lanewise(LSHR, 16)
          .or(p1.reinterpretAsInts().add(HALF).and(UPPER))
          .intoMemorySegment(Memory.ALL, p + r * (ROW / 2), LITTLE_ENDIAN);
      d0.lanewise(LSHR, 16)
          .or(d1.and(UPPER))
          .intoMemorySegment(Memory.ALL, ds + r * (ROW / 2), LITTLE_ENDIAN);
      // The next key.
      y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, s + ROW, LITTLE_ENDIAN)
              .fma(scale, shift0);
      n = y.add(rounder);
      f = y.sub(n.sub(rounder));
      p0 =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, one)
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      var e0 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + ROW, LITTLE_ENDIAN)
              .sub(sum0)
              .mul(p0)
              .reinterpretAsInts()
              .add(HALF);
      y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, s + ROW + LANES, LITTLE_ENDIAN)
              .fma(scale, shift1);
      n = y.add(rounder);
      f = y.sub(n.sub(rounder));
      p1 =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, one)
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      var e1 =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, d + ROW + LANES, LITTLE_ENDIAN)
              .sub(sum1)
              .mul(p1)
              .reinterpretAsInts()
              .add(HALF);
      p0.reinterpretAsInts()
          .add(HALF)
          .lanewise(LSHR, 16)
          .or(p1.reinterpretAsInts().add(HALF).and(UPPER))
          .intoMemorySegment(Memory.ALL, p + r * (ROW / 2) + ROW / 2, LITTLE_ENDIAN);
      e0.lanewise(LSHR, 16)
          .or(e1.and(UPPER))
          .intoMemorySegment(Memory.ALL, ds + r * (ROW / 2) + ROW / 2, LITTLE_ENDIAN);
      d0.lanewise(LSHR, 16)
          .or(e0.and(UPPER))
          .intoMemorySegment(Memory.ALL, pairs + r * (ROW / 2), LITTLE_ENDIAN);
      d1.lanewise(LSHR, 16)
          .or(e1.and(UPPER))
          .intoMemorySegment(Memory.ALL, pairs + r * (ROW / 2) + LANES, LITTLE_ENDIAN);
    }
  }
}
