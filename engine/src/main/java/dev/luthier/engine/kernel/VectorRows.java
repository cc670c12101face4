package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// What is done to rows of fp32 between two products, with vectors of any length, on the calling
/// thread. Columns are multiples of [#LANES].
public final class VectorRows {
  static final VectorSpecies<Float> FLOATS = StripOperand.FLOATS;

  /// Lanes of this machine's vectors.
  public static final int LANES = FLOATS.length();

  /// Lanes change places with those 8, 4, 2 and 1 away.
  static final VectorShuffle<Float> SWAP_8 = swap(8);

  static final VectorShuffle<Float> SWAP_4 = swap(4);
  static final VectorShuffle<Float> SWAP_2 = swap(2);
  static final VectorShuffle<Float> SWAP_1 = swap(1);

  private VectorRows() {}

  private static VectorShuffle<Float> swap(int distance) {
    return VectorShuffle.fromOp(FLOATS, lane -> (lane ^ distance) % LANES);
  }

  static FloatVector floats(long from) {
    return FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from, LITTLE_ENDIAN);
  }

  static void put(FloatVector values, long to) {
    values.intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
  }

  /// The sum of 8 or 16 lanes in a fixed order.
  static float sum(FloatVector v) {
    var eight = LANES > 8 ? v.add(v.rearrange(SWAP_8)) : v;
    var four = eight.add(eight.rearrange(SWAP_4));
    var two = four.add(four.rearrange(SWAP_2));
    return two.add(two.rearrange(SWAP_1)).lane(0);
  }

  /// y = x / rms(x) * weight (Zhang and Sennrich 2019), all fp32 [columns].
  public static void norm(long y, long x, long weight, int columns, float epsilon) {
    float inverse = (float) (1 / Math.sqrt(squares(x, columns) / columns + epsilon));
    for (long c = 0; c < columns; c += LANES) {
      put(floats(x + 4 * c).mul(inverse).mul(floats(weight + 4 * c)), y + 4 * c);
    }
  }

  private static float squares(long x, int columns) {
    var sum = FloatVector.zero(FLOATS);
    for (long c = 0; c < columns; c += LANES) {
      var a = floats(x + 4 * c);
      sum = a.fma(a, sum);
    }
    return sum(sum);
  }

  /// Turns one head [2 half] by the angles of its position (docs of `Rope`).
  public static void turn(long head, int half, long cos, long sin) {
    for (long c = 0; c < half; c += LANES) {
      var a = floats(head + 4 * c);
      var b = floats(head + 4 * (half + c));
      var cosines = floats(cos + 4 * c);
      var sines = floats(sin + 4 * c);
      put(a.mul(cosines).sub(b.mul(sines)), head + 4 * c);
      put(b.mul(cosines).add(a.mul(sines)), head + 4 * (half + c));
    }
  }

  /// gate = silu(gate) * up, both fp32 [columns].
  public static void activate(long gate, long up, int columns) {
    for (long c = 0; c < columns; c += LANES) {
      var g = floats(gate + 4 * c);
      var e = exp(g.neg().max(-87).min(87));
      put(g.div(e.add(1)).mul(floats(up + 4 * c)), gate + 4 * c);
    }
  }

  /// exp(x) for x from -87 to 88: the steps of [Exp].
  static FloatVector exp(FloatVector x) {
    var t =
        x.fma(FloatVector.broadcast(FLOATS, Exp.LOG2_E), FloatVector.broadcast(FLOATS, Exp.MAGIC));
    var n = t.sub(Exp.MAGIC);
    var r =
        n.fma(
            FloatVector.broadcast(FLOATS, -Exp.LN2_LOW),
            n.fma(FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH), x));
    var p = FloatVector.broadcast(FLOATS, Exp.C6);
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C5));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C2));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1));
    p = p.fma(r, FloatVector.broadcast(FLOATS, 1));
    return p.reinterpretAsInts()
        .add(t.reinterpretAsInts().lanewise(LSHL, Exp.EXPONENT))
        .reinterpretAsFloats();
  }

  /// fp32 [columns] of bf16.
  public static void widen(long y, long x, int columns) {
    for (long c = 0; c < columns; c++) {
      Lanes.putFp32(y + 4 * c, Lanes.bf16(x + 2 * c));
    }
  }

  /// bf16 [columns] of fp32, to the nearest, ties to even.
  public static void round(long y, long x, int columns) {
    for (long c = 0; c < columns; c++) {
      Lanes.putBf16(y + 2 * c, Lanes.fp32(x + 4 * c));
    }
  }
}
