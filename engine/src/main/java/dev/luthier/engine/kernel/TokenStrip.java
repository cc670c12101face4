package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.ScoreStrip.C1;
import static dev.luthier.engine.kernel.ScoreStrip.C2;
import static dev.luthier.engine.kernel.ScoreStrip.C3;
import static dev.luthier.engine.kernel.ScoreStrip.C4;
import static dev.luthier.engine.kernel.ScoreStrip.LEAST;
import static dev.luthier.engine.kernel.ScoreStrip.ROUNDER;
import static dev.luthier.engine.kernel.ScoreStrip.UPPER;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// The loops over a strip of the scores of one token, S^T [keys,16]: a lane is a head. As
/// [ScoreStrip], with one column.
final class TokenStrip {
  private static final VectorSpecies<Float> FLOATS = ScoreStrip.FLOATS;
  private static final VectorSpecies<Integer> INTS = ScoreStrip.INTS;

  /// Bytes of a row of scores.
  private static final long ROW = 64;

  private TokenStrip() {}

  /// The greatest of `rows` (a multiple of 4) rows and of what is at `max`, to `max`.
  static void max(long scores, int rows, long max) {
    var a = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, max, LITTLE_ENDIAN);
    var b = a;
    var c = a;
    var d = a;
    for (int r = 0; r < rows; r += 4) {
      long place = scores + r * ROW;
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

  /// p = 2^(factor * (s - max)) in place of the scores, and added to `sum`.
  static void exponentials(long scores, int rows, float factor, long max, long sum) {
    var shift = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, max, LITTLE_ENDIAN).mul(-factor);
    var total = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sum, LITTLE_ENDIAN);
    for (int r = 0; r < rows; r++) {
      var y =
          FloatVector.fromMemorySegment(FLOATS, Memory.ALL, scores + r * ROW, LITTLE_ENDIAN)
              .fma(FloatVector.broadcast(FLOATS, factor), shift);
      var n = y.add(ROUNDER);
      var f = y.sub(n.sub(ROUNDER));
      var p =
          f.fma(FloatVector.broadcast(FLOATS, C4), FloatVector.broadcast(FLOATS, C3))
              .fma(f, FloatVector.broadcast(FLOATS, C2))
              .fma(f, FloatVector.broadcast(FLOATS, C1))
              .fma(f, FloatVector.broadcast(FLOATS, 1))
              .mul(n.reinterpretAsInts().max(LEAST).lanewise(LSHL, 23).reinterpretAsFloats());
      total = total.add(p);
      p.intoMemorySegment(Memory.ALL, scores + r * ROW, LITTLE_ENDIAN);
    }
    total.intoMemorySegment(Memory.ALL, sum, LITTLE_ENDIAN);
  }

  /// Adds p[r] * values[r] to the 32 floats at `sum`, the even elements before the odd ones: 32
  /// columns of bf16 rows that lie `stride` bytes apart, `probability` that of one head and the
  /// first row. Even and odd rows are summed apart.
  static void add(long values, long stride, int rows, long probability, long sum) {
    var even = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sum, LITTLE_ENDIAN);
    var odd = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sum + ROW, LITTLE_ENDIAN);
    var even2 = FloatVector.zero(FLOATS);
    var odd2 = FloatVector.zero(FLOATS);
    int r = 0;
    for (; r + 1 < rows; r += 2) {
      float p = Memory.ALL.get(ValueLayout.JAVA_FLOAT, probability + r * ROW);
      float p2 = Memory.ALL.get(ValueLayout.JAVA_FLOAT, probability + r * ROW + ROW);
      long row = values + r * stride;
      var v = IntVector.fromMemorySegment(INTS, Memory.ALL, row, LITTLE_ENDIAN);
      var v2 = IntVector.fromMemorySegment(INTS, Memory.ALL, row + stride, LITTLE_ENDIAN);
      var broad = FloatVector.broadcast(FLOATS, p);
      var broad2 = FloatVector.broadcast(FLOATS, p2);
      even = v.lanewise(LSHL, 16).reinterpretAsFloats().fma(broad, even);
      odd = v.and(UPPER).reinterpretAsFloats().fma(broad, odd);
      even2 = v2.lanewise(LSHL, 16).reinterpretAsFloats().fma(broad2, even2);
      odd2 = v2.and(UPPER).reinterpretAsFloats().fma(broad2, odd2);
    }
    if (r < rows) {
      float p = Memory.ALL.get(ValueLayout.JAVA_FLOAT, probability + r * ROW);
      var v = IntVector.fromMemorySegment(INTS, Memory.ALL, values + r * stride, LITTLE_ENDIAN);
      var broad = FloatVector.broadcast(FLOATS, p);
      even = v.lanewise(LSHL, 16).reinterpretAsFloats().fma(broad, even);
      odd = v.and(UPPER).reinterpretAsFloats().fma(broad, odd);
    }
    even.add(even2).intoMemorySegment(Memory.ALL, sum, LITTLE_ENDIAN);
    odd.add(odd2).intoMemorySegment(Memory.ALL, sum + ROW, LITTLE_ENDIAN);
  }
}
