package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Lanes.SHORTS;
import static dev.luthier.engine.kernel.Lanes.WIDTH;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// Sums over flat fp32 arrays of any length, in one fixed order.
public final class Fp32Rows {
  private static final int BLOCK = 4096;

  private Fp32Rows() {}

  /// sum(x^2) of x [count]: blocks of 4096 elements in fp32, the blocks in double precision.
  public static double sumOfSquares(long x, long count) {
    double sum = 0;
    for (long i = 0; i < count; i += BLOCK) {
      sum += blockOfSquares(x + 4 * i, (int) Math.min(BLOCK, count - i));
    }
    return sum;
  }

  /// y += factor * x, both fp32 [count].
  public static void addScaled(long y, long x, float factor, long count) {
    for (long i = 0; i < count; i += BLOCK) {
      addScaledBlock(y + 4 * i, x + 4 * i, factor, (int) Math.min(BLOCK, count - i));
    }
  }

  /// y fp32 += factor * x bf16, both [count].
  public static void addScaledBf16(long y, long x, float factor, long count) {
    for (long i = 0; i < count; i += BLOCK) {
      addScaledBf16Block(y + 4 * i, x + 2 * i, factor, (int) Math.min(BLOCK, count - i));
    }
  }

  private static float blockOfSquares(long x, int count) {
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = FloatVector.zero(FLOATS);
    var sum2 = FloatVector.zero(FLOATS);
    var sum3 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= count - 64; i += 64) {
      var a0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER);
      var a1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER);
      var a2 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 128, ORDER);
      var a3 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 192, ORDER);
      sum0 = a0.fma(a0, sum0);
      sum1 = a1.fma(a1, sum1);
      sum2 = a2.fma(a2, sum2);
      sum3 = a3.fma(a3, sum3);
    }
    float sum = Lanes.sum(sum0.add(sum1).add(sum2.add(sum3)));
    return i < count ? sum + endOfSquares(x, i, count) : sum;
  }

  private static float endOfSquares(long x, int from, int count) {
    float sum = 0;
    for (int i = from; i < count; i++) {
      float value = Lanes.fp32(x + 4L * i);
      sum += value * value;
    }
    return sum;
  }

  private static void addScaledBlock(long y, long x, float factor, int count) {
    var times = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= count - 32; i += 32) {
      var a0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER);
      var a1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER);
      var b0 = FloatVector.fromMemorySegment(FLOATS, ALL, y + 4L * i, ORDER);
      var b1 = FloatVector.fromMemorySegment(FLOATS, ALL, y + 4L * i + 64, ORDER);
      a0.fma(times, b0).intoMemorySegment(ALL, y + 4L * i, ORDER);
      a1.fma(times, b1).intoMemorySegment(ALL, y + 4L * i + 64, ORDER);
    }
    for (; i < count; i++) {
      long at = y + 4L * i;
      Lanes.putFp32(at, Math.fma(Lanes.fp32(x + 4L * i), factor, Lanes.fp32(at)));
    }
  }

  private static void addScaledBf16Block(long y, long x, float factor, int count) {
    var times = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      var q = ShortVector.fromMemorySegment(SHORTS, ALL, x + 2L * i, ORDER);
      var w = ((IntVector) q.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var b = FloatVector.fromMemorySegment(FLOATS, ALL, y + 4L * i, ORDER);
      w.reinterpretAsFloats().fma(times, b).intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (; i < count; i++) {
      long at = y + 4L * i;
      Lanes.putFp32(at, Math.fma(Lanes.bf16(x + 2L * i), factor, Lanes.fp32(at)));
    }
  }
}
