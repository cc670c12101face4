package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.HALF;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Lanes.SHORTS;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// The loss of the next token from fp32 logits: log(sum(exp(logits))) - logits[target] a row.
///
/// Sums are taken in one fixed order. A NaN among the logits makes the row's log-sum and loss NaN.
public final class CrossEntropy {
  /// Elements summed in fp32 before the sum goes on in double precision.
  private static final int BLOCK = 2048;

  /// What is further below the largest logit counts as nothing (exp(-80) = 2e-35), which also keeps
  /// denormal numbers away.
  private static final float LEAST = -80;

  private CrossEntropy() {}

  /// For logits [rows,columns] and targets int32 [rows]: the log of each row's sum of exponentials
  /// (fp32 [rows]), its loss (fp32 [rows]) and the first index of its largest logit (int32 [rows];
  /// -1 in a row of NaN).
  public static void forward(
      long logSums,
      long losses,
      long argmaxes,
      long logits,
      long stride,
      long targets,
      int rows,
      int columns) {
    for (int row = 0; row < rows; row++) {
      long source = logits + 4L * row * stride;
      float max = max(source, columns);
      float logSum = logSumExp(source, columns, max);
      int target = Lanes.int32(targets + 4L * row);
      Lanes.putFp32(logSums + 4L * row, logSum);
      Lanes.putFp32(losses + 4L * row, logSum - Lanes.fp32(source + 4L * target));
      Lanes.putInt32(argmaxes + 4L * row, indexOf(source, columns, max));
    }
  }

  /// gradient [rows,columns] in bf16 = (softmax(logits) - onehot(target)) * factor, from the
  /// log-sums that [#forward] left. gradient may overlay the logits, when a row of it begins where
  /// the row of logits does.
  public static void backward(
      long gradient,
      long gradientStride,
      long logits,
      long stride,
      long logSums,
      long targets,
      int rows,
      int columns,
      float factor) {
    for (int row = 0; row < rows; row++) {
      long source = logits + 4L * row * stride;
      long result = gradient + 2L * row * gradientStride;
      float logSum = Lanes.fp32(logSums + 4L * row);
      int target = Lanes.int32(targets + 4L * row);
      float probability = Exp.of(Lanes.fp32(source + 4L * target) - logSum);
      softmax(result, source, columns, logSum, factor);
      Lanes.putBf16(result + 2L * target, (probability - 1) * factor);
    }
  }

  /// The largest of logits [columns]; NaN are passed over.
  public static float max(long logits, int columns) {
    var max0 = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    var max1 = max0;
    var max2 = max0;
    var max3 = max0;
    int i = 0;
    for (; i <= columns - 64; i += 64) {
      var a = FloatVector.fromMemorySegment(FLOATS, ALL, logits + 4L * i, ORDER);
      var b = FloatVector.fromMemorySegment(FLOATS, ALL, logits + 4L * i + 64, ORDER);
      var c = FloatVector.fromMemorySegment(FLOATS, ALL, logits + 4L * i + 128, ORDER);
      var d = FloatVector.fromMemorySegment(FLOATS, ALL, logits + 4L * i + 192, ORDER);
      max0 = max0.blend(a, a.compare(GT, max0)); // max() minds NaN and -0, at thrice the cost.
      max1 = max1.blend(b, b.compare(GT, max1));
      max2 = max2.blend(c, c.compare(GT, max2));
      max3 = max3.blend(d, d.compare(GT, max3));
    }
    float max = max0.max(max1).max(max2.max(max3)).reduceLanes(MAX); // Any order is the same.
    return i < columns ? maxEnd(logits, i, columns, max) : max;
  }

  /// The first index of a value in logits [columns], or -1.
  public static int indexOf(long logits, int columns, float value) {
    var wanted = FloatVector.broadcast(FLOATS, value);
    for (int i = 0; i <= columns - Lanes.WIDTH; i += Lanes.WIDTH) {
      var a = FloatVector.fromMemorySegment(FLOATS, ALL, logits + 4L * i, ORDER);
      var found = a.compare(EQ, wanted);
      if (found.anyTrue()) {
        return i + found.firstTrue();
      }
    }
    return indexOfEnd(logits, columns - columns % Lanes.WIDTH, columns, value);
  }

  /// log(sum(exp(logits))) of logits [columns], of which `max` is the largest.
  public static float logSumExp(long logits, int columns, float max) {
    double sum = 0;
    for (int i = 0; i < columns; i += BLOCK) {
      sum += sumExp(logits + 4L * i, Math.min(BLOCK, columns - i), max);
    }
    return (float) (max + Math.log(sum));
  }

  private static float maxEnd(long logits, int from, int columns, float so) {
    float max = so;
    for (int i = from; i < columns; i++) {
      float value = Lanes.fp32(logits + 4L * i);
      max = value > max ? value : max;
    }
    return max;
  }

  private static int indexOfEnd(long logits, int from, int columns, float value) {
    for (int i = from; i < columns; i++) {
      if (Lanes.fp32(logits + 4L * i) == value) {
        return i;
      }
    }
    return -1;
  }

  /// sum(exp(x - max)).
  private static float sumExp(long x, int count, float max) {
    var scale = FloatVector.broadcast(FLOATS, Exp.LOG2_E);
    var magic = FloatVector.broadcast(FLOATS, Exp.MAGIC);
    var high = FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH);
    var low = FloatVector.broadcast(FLOATS, -Exp.LN2_LOW);
    var c6 = FloatVector.broadcast(FLOATS, Exp.C6);
    var c5 = FloatVector.broadcast(FLOATS, Exp.C5);
    var c4 = FloatVector.broadcast(FLOATS, Exp.C4);
    var c3 = FloatVector.broadcast(FLOATS, Exp.C3);
    var c2 = FloatVector.broadcast(FLOATS, Exp.C2);
    var one = FloatVector.broadcast(FLOATS, 1);
    var least = FloatVector.broadcast(FLOATS, LEAST);
    var zero = FloatVector.zero(FLOATS);
    var top = FloatVector.broadcast(FLOATS, max);
    var sum0 = zero;
    var sum1 = zero;
    int i = 0;
    for (; i <= count - 32; i += 32) {
      var d0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER).sub(top);
      var d1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER).sub(top);
      var t0 = d0.fma(scale, magic);
      var n0 = t0.sub(magic);
      var r0 = n0.fma(low, n0.fma(high, d0));
      var p0 = r0.fma(c6, c5).fma(r0, c4).fma(r0, c3).fma(r0, c2).fma(r0, one).fma(r0, one);
      var e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(LSHL, 23));
      var t1 = d1.fma(scale, magic);
      var n1 = t1.sub(magic);
      var r1 = n1.fma(low, n1.fma(high, d1));
      var p1 = r1.fma(c6, c5).fma(r1, c4).fma(r1, c3).fma(r1, c2).fma(r1, one).fma(r1, one);
      var e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(LSHL, 23));
      sum0 = sum0.add(e0.reinterpretAsFloats().blend(zero, d0.compare(LT, least)));
      sum1 = sum1.add(e1.reinterpretAsFloats().blend(zero, d1.compare(LT, least)));
    }
    float sum = Lanes.sum(sum0.add(sum1));
    return i < count ? sum + sumExpEnd(x, i, count, max) : sum;
  }

  private static float sumExpEnd(long x, int from, int count, float max) {
    float sum = 0;
    for (int i = from; i < count; i++) {
      sum += Exp.of(Lanes.fp32(x + 4L * i) - max);
    }
    return sum;
  }

  /// y in bf16 = exp(x - logSum) * factor. Both halves are read before any is written, so that y
  /// may overlay x.
  private static void softmax(long y, long x, int columns, float logSum, float factor) {
    var scale = FloatVector.broadcast(FLOATS, Exp.LOG2_E);
    var magic = FloatVector.broadcast(FLOATS, Exp.MAGIC);
    var high = FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH);
    var low = FloatVector.broadcast(FLOATS, -Exp.LN2_LOW);
    var c6 = FloatVector.broadcast(FLOATS, Exp.C6);
    var c5 = FloatVector.broadcast(FLOATS, Exp.C5);
    var c4 = FloatVector.broadcast(FLOATS, Exp.C4);
    var c3 = FloatVector.broadcast(FLOATS, Exp.C3);
    var c2 = FloatVector.broadcast(FLOATS, Exp.C2);
    var one = FloatVector.broadcast(FLOATS, 1);
    var least = FloatVector.broadcast(FLOATS, LEAST);
    var shift = FloatVector.broadcast(FLOATS, logSum);
    var times = FloatVector.broadcast(FLOATS, factor);
    var half = IntVector.broadcast(INTS, HALF);
    var bit = IntVector.broadcast(INTS, 1);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var d0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER).sub(shift);
      var d1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER).sub(shift);
      var t0 = d0.fma(scale, magic);
      var n0 = t0.sub(magic);
      var r0 = n0.fma(low, n0.fma(high, d0));
      var p0 = r0.fma(c6, c5).fma(r0, c4).fma(r0, c3).fma(r0, c2).fma(r0, one).fma(r0, one);
      var e0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(LSHL, 23));
      var t1 = d1.fma(scale, magic);
      var n1 = t1.sub(magic);
      var r1 = n1.fma(low, n1.fma(high, d1));
      var p1 = r1.fma(c6, c5).fma(r1, c4).fma(r1, c3).fma(r1, c2).fma(r1, one).fma(r1, one);
      var e1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(LSHL, 23));
      var y0 = e0.reinterpretAsFloats().mul(times).reinterpretAsInts();
      var y1 = e1.reinterpretAsFloats().mul(times).reinterpretAsInts();
      y0 = y0.add(y0.lanewise(LSHR, 16).and(bit)).add(half).lanewise(LSHR, 16);
      y1 = y1.add(y1.lanewise(LSHR, 16).and(bit)).add(half).lanewise(LSHR, 16);
      y0 = y0.blend(0, d0.compare(LT, least).cast(INTS));
      y1 = y1.blend(0, d1.compare(LT, least).cast(INTS));
      ((ShortVector) y0.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, y + 2L * i, ORDER);
      ((ShortVector) y1.convertShape(I2S, SHORTS, 0))
          .intoMemorySegment(ALL, y + 2L * i + 32, ORDER);
    }
    if (i < columns) {
      softmaxEnd(y, x, i, columns, logSum, factor);
    }
  }

  private static void softmaxEnd(
      long y, long x, int from, int columns, float logSum, float factor) {
    for (int i = from; i < columns; i++) {
      float difference = Lanes.fp32(x + 4L * i) - logSum;
      Lanes.putBf16(y + 2L * i, difference < LEAST ? 0 : Exp.of(difference) * factor);
    }
  }
}
