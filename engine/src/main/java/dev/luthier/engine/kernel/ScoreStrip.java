package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The loops over a strip of transposed scores, S^T [keys,64]: a lane is a query, so softmax needs
/// no sum across lanes, and rows two by two become the pairs that matrix units take.
///
/// Every loop sees one column of 16 queries (or two of them) and rows of 64 floats. Each method is
/// one loop, with exp written out: compiled code keeps vectors in registers only that way.
///
/// 2^y is taken as 2^n 2^f with n = round(y), 2^f by a polynomial of degree 4, |error| < 3e-6; it
/// is exactly 1 at 0 and exactly 0 from -127.5 down. n comes out of the low bits of y + 1.5 * 2^23
/// (+ 127, the exponent's bias). What is masked is far below any score but finite, since f of
/// infinity is none. Maxima are written as comparisons: Java's max takes care of NaN and -0 in six
/// steps.
final class ScoreStrip {
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;

  /// Queries of a column.
  static final int LANES = 16;

  static final float LOG2_E = 1.442695f;
  private static final float LN_2 = 0.6931472f;

  /// Bytes of a row of scores.
  private static final long ROW = 256;

  static final int UPPER = 0xffff0000;
  static final int HALF = 0x8000;
  static final float ROUNDER = 12_582_912f + 127;

  /// The bits of ROUNDER - 127: those of lesser floats are lesser integers.
  static final int LEAST = 0x4b400000;

  /// The score of a key that is not seen.
  static final float MASKED = -1e30f;

  static final float C1 = 0.6931242f;
  static final float C2 = 0.24024099f;
  static final float C3 = 0.05590643f;
  static final float C4 = 0.00958285f;
  private static final IntVector LANE = IntVector.zero(INTS).addIndex(1);

  private ScoreStrip() {}

  /// Row r of `rows` is seen by lanes >= first + r only: in the others no score is left.
  static void mask(long column, int rows, int first) {
    for (int r = 0; r < rows; r++) {
      long place = column + r * ROW;
      var s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN);
      var seen = LANE.compare(GE, first + r).cast(FLOATS);
      FloatVector.broadcast(FLOATS, MASKED)
          .blend(s, seen)
          .intoMemorySegment(Memory.ALL, place, LITTLE_ENDIAN);
    }
  }

  /// `count` times `value`, a multiple of 16.
  static void fill(long floats, float value, int count) {
    for (int i = 0; i < count; i += LANES) {
      FloatVector.broadcast(FLOATS, value)
          .intoMemorySegment(Memory.ALL, floats + i * 4L, LITTLE_ENDIAN);
    }
  }

  /// The greatest of `rows` (a multiple of 4) rows and of what is at `max`, to `max`.
  static void max(long column, int rows, long max) {
    var a = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, max, LITTLE_ENDIAN);
    var b = a;
    var c = a;
    var d = a;
    for (int r = 0; r < rows; r += 4) {
      long place = column + r * ROW;
      var s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN);
      a = a.blend(s, s.compare(GT, a));
      s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + ROW, LITTLE_ENDIAN);
      b = b.blend(s, s.compare(GT, b));
      s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + 2 * ROW, LITTLE_ENDIAN);
      c = c.blend(s, s.compare(GT, c));
      s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + 3 * ROW, LITTLE_ENDIAN);
      d = d.blend(s, s.compare(GT, d));
    }
    a.max(b).max(c.max(d)).intoMemorySegment(Memory.ALL, max, LITTLE_ENDIAN);
  }

  /// p = 2^(factor * (s - max)) of `rows` (even) rows: in fp32 added to `sum`, rounded to bf16 in
  /// pairs of rows to `pairs`, the B operand P^T [rows,64].
  static void exponentials(long column, int rows, float factor, long max, long sum, long pairs) {
    var shift = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, max, LITTLE_ENDIAN).mul(-factor);
    var even = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sum, LITTLE_ENDIAN);
    var odd = FloatVector.zero(FLOATS);
    var scale = FloatVector.broadcast(FLOATS, factor);
    var rounder = FloatVector.broadcast(FLOATS, ROUNDER);
    var c1 = FloatVector.broadcast(FLOATS, C1);
    var c2 = FloatVector.broadcast(FLOATS, C2);
    var c3 = FloatVector.broadcast(FLOATS, C3);
    var c4 = FloatVector.broadcast(FLOATS, C4);
    for (int r = 0; r < rows; r += 2) {
      long place = column + r * ROW;
      var y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN).fma(scale, shift);
      var n = y.add(rounder);
      var f = y.sub(n.sub(rounder));
      var p =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, FloatVector.broadcast(FLOATS, 1))
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + ROW, LITTLE_ENDIAN)
              .fma(scale, shift);
      n = y.add(rounder);
      f = y.sub(n.sub(rounder));
      var q =
          f.fma(c4, c3)
              .fma(f, c2)
              .fma(f, c1)
              .fma(f, FloatVector.broadcast(FLOATS, 1))
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      even = even.add(p);
      odd = odd.add(q);
      p.reinterpretAsInts()
          .add(HALF)
          .lanewise(LSHR, 16)
          .or(q.reinterpretAsInts().add(HALF).and(UPPER))
          .intoMemorySegment(Memory.ALL, pairs + r * (ROW / 2), LITTLE_ENDIAN);
    }
    even.add(odd).intoMemorySegment(Memory.ALL, sum, LITTLE_ENDIAN);
  }

  /// Clears one column (64 bytes) of `rows` rows of `rowBytes`.
  static void clear(long column, int rows, long rowBytes) {
    var none = IntVector.zero(INTS);
    for (int r = 0; r < rows; r++) {
      none.intoMemorySegment(Memory.ALL, column + r * rowBytes, LITTLE_ENDIAN);
    }
  }

  /// 2^(factor * (before - after)), by which what was summed under the maximum `before` shrinks; to
  /// `to`. False if that is 1 for every lane.
  static boolean shrink(long before, long after, float factor, long to) {
    var was = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, before, LITTLE_ENDIAN);
    var is = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, after, LITTLE_ENDIAN);
    if (was.eq(is).allTrue()) {
      return false;
    }
    var y = was.sub(is).mul(factor);
    var n = y.add(ROUNDER);
    var f = y.sub(n.sub(ROUNDER));
    var c1 = FloatVector.broadcast(FLOATS, C1);
    var c2 = FloatVector.broadcast(FLOATS, C2);
    var c3 = FloatVector.broadcast(FLOATS, C3);
    f.mul(C4)
        .add(c3)
        .fma(f, c2)
        .fma(f, c1)
        .fma(f, FloatVector.broadcast(FLOATS, 1))
        .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats())
        .intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
    return true;
  }

  /// Multiplies one column of `rows` rows by what is at `factors`.
  static void scale(long column, int rows, long factors) {
    var factor = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, factors, LITTLE_ENDIAN);
    for (int r = 0; r < rows; r++) {
      long place = column + r * ROW;
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN)
          .mul(factor)
          .intoMemorySegment(Memory.ALL, place, LITTLE_ENDIAN);
    }
  }

  /// factor * value (rounded to the nearest, ties to even) of `rows` (even) rows of one column, in
  /// pairs of rows, to `pairs`, rows of 64 pairs; `factors` has one for every lane.
  static void round(long column, int rows, long factors, long pairs) {
    var factor = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, factors, LITTLE_ENDIAN);
    for (int r = 0; r < rows; r += 2) {
      long place = column + r * ROW;
      var low =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place, LITTLE_ENDIAN)
              .mul(factor)
              .reinterpretAsInts();
      var high =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, place + ROW, LITTLE_ENDIAN)
              .mul(factor)
              .reinterpretAsInts();
      low = low.add(low.lanewise(LSHR, 16).and(1).add(HALF - 1)).lanewise(LSHR, 16);
      high = high.add(high.lanewise(LSHR, 16).and(1).add(HALF - 1)).and(UPPER);
      low.or(high).intoMemorySegment(Memory.ALL, pairs + r * (ROW / 2), LITTLE_ENDIAN);
    }
  }

  /// 1 / sum to `inverse`, and max * scale + ln(sum) to `lse`, of 16 queries. ln(m 2^e) = e ln 2 +
  /// 2 atanh((m - 1) / (m + 1)) for m around 1.
  static void finish(long max, long sum, float scale, long inverse, long lse) {
    var total = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sum, LITTLE_ENDIAN);
    FloatVector.broadcast(FLOATS, 1)
        .div(total)
        .intoMemorySegment(Memory.ALL, inverse, LITTLE_ENDIAN);
    int rootHalf = 0x3f3504f3; // 1/sqrt(2)
    var bits = total.reinterpretAsInts();
    var exponent = bits.sub(rootHalf).lanewise(VectorOperators.ASHR, 23);
    var m = bits.sub(exponent.lanewise(LSHL, 23)).reinterpretAsFloats();
    var z = m.sub(1).div(m.add(1));
    var z2 = z.mul(z);
    var series =
        z2.mul(1 / 9f).add(1 / 7f).mul(z2).add(1 / 5f).mul(z2).add(1 / 3f).mul(z2).add(1f).mul(z);
    var ln =
        ((FloatVector) exponent.convert(VectorOperators.I2F, 0)).mul(LN_2).add(series.add(series));
    FloatVector.fromMemorySegment(FLOATS, Memory.ALL, max, LITTLE_ENDIAN)
        .mul(scale)
        .add(ln)
        .intoMemorySegment(Memory.ALL, lse, LITTLE_ENDIAN);
  }
}
