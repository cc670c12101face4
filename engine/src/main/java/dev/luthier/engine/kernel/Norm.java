package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.HALF;
import static dev.luthier.engine.kernel.Lanes.HIGH;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import dev.luthier.engine.weights.Bf16;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// Root mean square normalisation (Zhang and Sennrich 2019) of bf16 rows, sums in fp32.
///
/// With r = 1 / sqrt(mean(x^2) + epsilon) of a row: y = bf16(bf16(x * r) * weight). Like the
/// reference implementation, the normalised row is rounded before the weight is applied. Sums are
/// taken in one fixed order, so that a row gives the same bits wherever it stands.
///
/// All addresses index [Memory]; strides count elements from a row to the next.
public final class Norm {
  private Norm() {}

  /// y [rows,columns] of x [rows,columns] and weight [columns], all bf16; each row's r goes to
  /// inverseRms, fp32 [rows]. y may be x.
  public static void forward(
      long y,
      long yStride,
      long inverseRms,
      long x,
      long xStride,
      long weight,
      int rows,
      int columns,
      float epsilon) {
    for (int row = 0; row < rows; row++) {
      long source = x + 2L * row * xStride;
      float inverse = inverse(sumOfSquares(source, columns), columns, epsilon);
      Lanes.putFp32(inverseRms + 4L * row, inverse);
      scale(y + 2L * row * yStride, source, weight, columns, inverse);
    }
  }

  /// The residual sum = bf16(x + branch) and, in the same pass, y = the normalised sum as in
  /// [#forward]. All [rows,columns] in bf16; sum may be x or branch.
  public static void addForward(
      long y,
      long yStride,
      long inverseRms,
      long sum,
      long sumStride,
      long x,
      long xStride,
      long branch,
      long branchStride,
      long weight,
      int rows,
      int columns,
      float epsilon) {
    for (int row = 0; row < rows; row++) {
      long target = sum + 2L * row * sumStride;
      float squares =
          add(target, x + 2L * row * xStride, branch + 2L * row * branchStride, columns);
      float inverse = inverse(squares, columns, epsilon);
      Lanes.putFp32(inverseRms + 4L * row, inverse);
      scale(y + 2L * row * yStride, target, weight, columns, inverse);
    }
  }

  /// Adds the gradient of x to dx. With n = x * r and v = dy * weight: dx = bf16(dx + r * (v - n *
  /// mean(v * n))). dx, dy, x [rows,columns] in bf16, inverseRms fp32 [rows] as [#forward] left it.
  public static void backward(
      long dx,
      long dxStride,
      long dy,
      long dyStride,
      long x,
      long xStride,
      long inverseRms,
      long weight,
      int rows,
      int columns) {
    for (int row = 0; row < rows; row++) {
      long gradient = dy + 2L * row * dyStride;
      long source = x + 2L * row * xStride;
      float inverse = Lanes.fp32(inverseRms + 4L * row);
      float along = weightedDot(gradient, source, weight, columns);
      // r * n * mean(v * n) = x * (r^3 * mean(v * x))
      float back = inverse * inverse * inverse * (along / columns);
      addGradient(dx + 2L * row * dxStride, gradient, source, weight, columns, inverse, back);
    }
  }

  /// Adds the gradient of the weight: dWeight [columns] in fp32 += sum over rows of dy * x * r, in
  /// the order of the rows.
  public static void weightGradient(
      long dWeight,
      long dy,
      long dyStride,
      long x,
      long xStride,
      long inverseRms,
      int rows,
      int columns) {
    for (int row = 0; row < rows; row++) {
      addWeightGradient(
          dWeight,
          dy + 2L * row * dyStride,
          x + 2L * row * xStride,
          columns,
          Lanes.fp32(inverseRms + 4L * row));
    }
  }

  private static float inverse(float squares, int columns, float epsilon) {
    return (float) (1 / Math.sqrt(squares / columns + epsilon));
  }

  private static float sumOfSquares(long x, int columns) {
    var high = IntVector.broadcast(INTS, HIGH);
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = FloatVector.zero(FLOATS);
    var sum2 = FloatVector.zero(FLOATS);
    var sum3 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= columns - 64; i += 64) {
      var a = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i, ORDER);
      var b = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i + 64, ORDER);
      var a0 = a.lanewise(LSHL, 16).reinterpretAsFloats();
      var a1 = a.and(high).reinterpretAsFloats();
      var b0 = b.lanewise(LSHL, 16).reinterpretAsFloats();
      var b1 = b.and(high).reinterpretAsFloats();
      sum0 = a0.fma(a0, sum0);
      sum1 = a1.fma(a1, sum1);
      sum2 = b0.fma(b0, sum2);
      sum3 = b1.fma(b1, sum3);
    }
    if (i <= columns - 32) {
      var a = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i, ORDER);
      var a0 = a.lanewise(LSHL, 16).reinterpretAsFloats();
      var a1 = a.and(high).reinterpretAsFloats();
      sum0 = a0.fma(a0, sum0);
      sum1 = a1.fma(a1, sum1);
      i += 32;
    }
    float sum = Lanes.sum(sum0.add(sum1).add(sum2.add(sum3)));
    return i < columns ? sum + sumOfSquaresEnd(x, i, columns) : sum;
  }

  private static float sumOfSquaresEnd(long x, int from, int columns) {
    float sum = 0;
    for (int i = from; i < columns; i++) {
      float value = Lanes.bf16(x + 2L * i);
      sum += value * value;
    }
    return sum;
  }

  private static void scale(long y, long x, long weight, int columns, float inverse) {
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var r = FloatVector.broadcast(FLOATS, inverse);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var a = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i, ORDER);
      var w = IntVector.fromMemorySegment(INTS, ALL, weight + 2L * i, ORDER);
      var n0 = a.lanewise(LSHL, 16).reinterpretAsFloats().mul(r).reinterpretAsInts();
      var n1 = a.and(high).reinterpretAsFloats().mul(r).reinterpretAsInts();
      n0 = n0.add(n0.lanewise(LSHR, 16).and(one)).add(half).and(high);
      n1 = n1.add(n1.lanewise(LSHR, 16).and(one)).add(half).and(high);
      var w0 = w.lanewise(LSHL, 16).reinterpretAsFloats();
      var w1 = w.and(high).reinterpretAsFloats();
      var y0 = n0.reinterpretAsFloats().mul(w0).reinterpretAsInts();
      var y1 = n1.reinterpretAsFloats().mul(w1).reinterpretAsInts();
      y0 = y0.add(y0.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      y1 = y1.add(y1.lanewise(LSHR, 16).and(one)).add(half).and(high);
      y0.or(y1).intoMemorySegment(ALL, y + 2L * i, ORDER);
    }
    if (i < columns) {
      scaleEnd(y, x, weight, i, columns, inverse);
    }
  }

  private static void scaleEnd(long y, long x, long weight, int from, int columns, float inverse) {
    for (int i = from; i < columns; i++) {
      float normed = Bf16.toFloat(Bf16.of(Lanes.bf16(x + 2L * i) * inverse));
      Lanes.putBf16(y + 2L * i, normed * Lanes.bf16(weight + 2L * i));
    }
  }

  /// y = bf16(a + b); returns the sum of its squares.
  private static float add(long y, long a, long b, int columns) {
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var p = IntVector.fromMemorySegment(INTS, ALL, a + 2L * i, ORDER);
      var q = IntVector.fromMemorySegment(INTS, ALL, b + 2L * i, ORDER);
      var p0 = p.lanewise(LSHL, 16).reinterpretAsFloats();
      var p1 = p.and(high).reinterpretAsFloats();
      var q0 = q.lanewise(LSHL, 16).reinterpretAsFloats();
      var q1 = q.and(high).reinterpretAsFloats();
      var y0 = p0.add(q0).reinterpretAsInts();
      var y1 = p1.add(q1).reinterpretAsInts();
      y0 = y0.add(y0.lanewise(LSHR, 16).and(one)).add(half).and(high);
      y1 = y1.add(y1.lanewise(LSHR, 16).and(one)).add(half).and(high);
      var f0 = y0.reinterpretAsFloats();
      var f1 = y1.reinterpretAsFloats();
      sum0 = f0.fma(f0, sum0);
      sum1 = f1.fma(f1, sum1);
      y0.lanewise(LSHR, 16).or(y1).intoMemorySegment(ALL, y + 2L * i, ORDER);
    }
    float sum = Lanes.sum(sum0.add(sum1));
    return i < columns ? sum + addEnd(y, a, b, i, columns) : sum;
  }

  private static float addEnd(long y, long a, long b, int from, int columns) {
    for (int i = from; i < columns; i++) {
      Lanes.putBf16(y + 2L * i, Lanes.bf16(a + 2L * i) + Lanes.bf16(b + 2L * i));
    }
    return sumOfSquaresEnd(y, from, columns);
  }

  /// sum(dy * weight * x).
  private static float weightedDot(long dy, long x, long weight, int columns) {
    var high = IntVector.broadcast(INTS, HIGH);
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var g = IntVector.fromMemorySegment(INTS, ALL, dy + 2L * i, ORDER);
      var a = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i, ORDER);
      var w = IntVector.fromMemorySegment(INTS, ALL, weight + 2L * i, ORDER);
      var g0 = g.lanewise(LSHL, 16).reinterpretAsFloats();
      var g1 = g.and(high).reinterpretAsFloats();
      var v0 = w.lanewise(LSHL, 16).reinterpretAsFloats().mul(g0);
      var v1 = w.and(high).reinterpretAsFloats().mul(g1);
      sum0 = a.lanewise(LSHL, 16).reinterpretAsFloats().fma(v0, sum0);
      sum1 = a.and(high).reinterpretAsFloats().fma(v1, sum1);
    }
    float sum = Lanes.sum(sum0.add(sum1));
    return i < columns ? sum + weightedDotEnd(dy, x, weight, i, columns) : sum;
  }

  private static float weightedDotEnd(long dy, long x, long weight, int from, int columns) {
    float sum = 0;
    for (int i = from; i < columns; i++) {
      sum += Lanes.bf16(dy + 2L * i) * Lanes.bf16(weight + 2L * i) * Lanes.bf16(x + 2L * i);
    }
    return sum;
  }

  /// dx = bf16(dx + forth * dy * weight - back * x).
  private static void addGradient(
      long dx, long dy, long x, long weight, int columns, float forth, float back) {
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var r = FloatVector.broadcast(FLOATS, forth);
    var c = FloatVector.broadcast(FLOATS, -back);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var g = IntVector.fromMemorySegment(INTS, ALL, dy + 2L * i, ORDER);
      var w = IntVector.fromMemorySegment(INTS, ALL, weight + 2L * i, ORDER);
      var a = IntVector.fromMemorySegment(INTS, ALL, x + 2L * i, ORDER);
      var d = IntVector.fromMemorySegment(INTS, ALL, dx + 2L * i, ORDER);
      var w0 = w.lanewise(LSHL, 16).reinterpretAsFloats();
      var w1 = w.and(high).reinterpretAsFloats();
      var v0 = g.lanewise(LSHL, 16).reinterpretAsFloats().mul(w0);
      var v1 = g.and(high).reinterpretAsFloats().mul(w1);
      var d0 = v0.fma(r, d.lanewise(LSHL, 16).reinterpretAsFloats());
      var d1 = v1.fma(r, d.and(high).reinterpretAsFloats());
      var y0 = a.lanewise(LSHL, 16).reinterpretAsFloats().fma(c, d0).reinterpretAsInts();
      var y1 = a.and(high).reinterpretAsFloats().fma(c, d1).reinterpretAsInts();
      y0 = y0.add(y0.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      y1 = y1.add(y1.lanewise(LSHR, 16).and(one)).add(half).and(high);
      y0.or(y1).intoMemorySegment(ALL, dx + 2L * i, ORDER);
    }
    if (i < columns) {
      addGradientEnd(dx, dy, x, weight, i, columns, forth, back);
    }
  }

  private static void addGradientEnd(
      long dx, long dy, long x, long weight, int from, int columns, float forth, float back) {
    for (int i = from; i < columns; i++) {
      float v = Lanes.bf16(dy + 2L * i) * Lanes.bf16(weight + 2L * i);
      float gradient = forth * v - back * Lanes.bf16(x + 2L * i);
      Lanes.putBf16(dx + 2L * i, Lanes.bf16(dx + 2L * i) + gradient);
    }
  }

  private static void addWeightGradient(long dWeight, long dy, long x, int columns, float r) {
    var factor = FloatVector.broadcast(FLOATS, r);
    int i = 0;
    for (; i <= columns - Lanes.WIDTH; i += Lanes.WIDTH) {
      var g = ShortVector.fromMemorySegment(Lanes.SHORTS, ALL, dy + 2L * i, ORDER);
      var a = ShortVector.fromMemorySegment(Lanes.SHORTS, ALL, x + 2L * i, ORDER);
      var d = FloatVector.fromMemorySegment(FLOATS, ALL, dWeight + 4L * i, ORDER);
      var wideG = ((IntVector) g.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var wideA = ((IntVector) a.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var n = wideA.reinterpretAsFloats().mul(factor);
      wideG.reinterpretAsFloats().fma(n, d).intoMemorySegment(ALL, dWeight + 4L * i, ORDER);
    }
    if (i < columns) {
      addWeightGradientEnd(dWeight, dy, x, i, columns, r);
    }
  }

  private static void addWeightGradientEnd(
      long dWeight, long dy, long x, int from, int columns, float r) {
    for (int i = from; i < columns; i++) {
      float gradient = Lanes.bf16(dy + 2L * i) * (Lanes.bf16(x + 2L * i) * r);
      Lanes.putFp32(dWeight + 4L * i, Lanes.fp32(dWeight + 4L * i) + gradient);
    }
  }
}
