package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.HALF;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Lanes.SHORTS;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// Rotary positions (Su et al. 2021) on the heads of bf16 rows, in place, in the half-split layout
/// of Hugging Face: dimension i turns with dimension i + headDim / 2.
///
/// A row holds `heads` heads of `headDim` elements, one after the other from the address given; in
/// a row of queries, keys and values, one call for heads = query heads + key heads turns both. cos
/// and sin are fp32 tables [positions,headDim/2]; positions holds each row's int32 position.
public final class Rope {
  private Rope() {}

  /// Per head, with a its first half and b its second: a, b = a * cos - b * sin, b * cos + a * sin.
  public static void turn(
      long x, long stride, int rows, int heads, int headDim, long cos, long sin, long positions) {
    for (int row = 0; row < rows; row++) {
      long angles = 2L * headDim * Lanes.int32(positions + 4L * row);
      turnRow(x + 2L * row * stride, heads, headDim, cos + angles, sin + angles, 1);
    }
  }

  /// Turns back by the same angles, which is also the gradient of [#turn].
  public static void turnBack(
      long x, long stride, int rows, int heads, int headDim, long cos, long sin, long positions) {
    for (int row = 0; row < rows; row++) {
      long angles = 2L * headDim * Lanes.int32(positions + 4L * row);
      turnRow(x + 2L * row * stride, heads, headDim, cos + angles, sin + angles, -1);
    }
  }

  private static void turnRow(long x, int heads, int headDim, long cos, long sin, int direction) {
    int half = headDim / 2;
    int i = 0;
    for (; i <= half - Lanes.WIDTH; i += Lanes.WIDTH) {
      turnLanes(x + 2L * i, heads, headDim, cos + 4L * i, sin + 4L * i, direction);
    }
    for (; i < half; i++) {
      turnElement(x + 2L * i, heads, headDim, cos + 4L * i, sin + 4L * i, direction);
    }
  }

  /// Sixteen dimensions of all heads.
  private static void turnLanes(long x, int heads, int headDim, long cos, long sin, int direction) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var c = FloatVector.fromMemorySegment(FLOATS, ALL, cos, ORDER);
    var s = FloatVector.fromMemorySegment(FLOATS, ALL, sin, ORDER).mul(direction);
    var minus = s.neg();
    for (int head = 0; head < heads; head++) {
      long first = x + 2L * head * headDim;
      long second = first + headDim;
      var p = ShortVector.fromMemorySegment(SHORTS, ALL, first, ORDER);
      var q = ShortVector.fromMemorySegment(SHORTS, ALL, second, ORDER);
      var wideP = ((IntVector) p.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var wideQ = ((IntVector) q.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var a = wideP.reinterpretAsFloats();
      var b = wideQ.reinterpretAsFloats();
      var u = a.mul(c);
      var v = b.mul(c);
      var y = b.fma(minus, u).reinterpretAsInts();
      var z = a.fma(s, v).reinterpretAsInts();
      y = y.add(y.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      z = z.add(z.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      ((ShortVector) y.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, first, ORDER);
      ((ShortVector) z.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, second, ORDER);
    }
  }

  private static void turnElement(
      long x, int heads, int headDim, long cos, long sin, int direction) {
    float c = Lanes.fp32(cos);
    float s = direction * Lanes.fp32(sin);
    for (int head = 0; head < heads; head++) {
      long first = x + 2L * head * headDim;
      long second = first + headDim;
      float a = Lanes.bf16(first);
      float b = Lanes.bf16(second);
      Lanes.putBf16(first, a * c - b * s);
      Lanes.putBf16(second, b * c + a * s);
    }
  }
}
