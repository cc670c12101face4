package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Lanes.WIDTH;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;

/// Adam with bias correction (Kingma and Ba 2015) on flat fp32 arrays in one pass: betas 0.9 and
/// 0.999, epsilon 1e-8, no weight decay.
public final class Adam {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final float EPSILON = 1e-8f;
  private static final float LEAST_GRADIENT = 1e-17f;
  private static final float LEAST_FIRST = 1e-30f;
  private static final float LEAST_SECOND = 1e-36f;
  private static final int BLOCK = 4096;

  private Adam() {}

  /// The update of a step (1-based) from g = gradient * gradientFactor: first = 0.9 first + 0.1 g;
  /// second = 0.999 second + 0.001 g^2; parameters -= learningRate / (1 - 0.9^step) * first /
  /// (sqrt(second / (1 - 0.999^step)) + epsilon). All fp32 [count]; the gradient is left as it is.
  ///
  /// Gradients below 1e-17, first moments below 1e-30 and second ones below 1e-36 count as zero:
  /// they move nothing, and denormal numbers would make the pass many times slower.
  public static void update(
      long parameters,
      long first,
      long second,
      long gradient,
      long count,
      int step,
      double learningRate,
      float gradientFactor) {
    double firstBias = 1 - Math.pow(BETA1, step);
    double secondBias = 1 - Math.pow(BETA2, step);
    float rate = (float) (-learningRate / firstBias);
    float root = (float) (1 / Math.sqrt(secondBias));
    for (long i = 0; i < count; i += BLOCK) {
      int length = (int) Math.min(BLOCK, count - i);
      long at = 4 * i;
      block(
          parameters + at,
          first + at,
          second + at,
          gradient + at,
          length,
          gradientFactor,
          rate,
          root);
    }
  }

  private static void block(
      long parameters,
      long first,
      long second,
      long gradient,
      int count,
      float gradientFactor,
      float rate,
      float root) {
    var times = FloatVector.broadcast(FLOATS, gradientFactor);
    var keep1 = FloatVector.broadcast(FLOATS, (float) BETA1);
    var take1 = FloatVector.broadcast(FLOATS, (float) (1 - BETA1));
    var keep2 = FloatVector.broadcast(FLOATS, (float) BETA2);
    var take2 = FloatVector.broadcast(FLOATS, (float) (1 - BETA2));
    var epsilon = FloatVector.broadcast(FLOATS, EPSILON);
    var minusRate = FloatVector.broadcast(FLOATS, rate);
    var perRoot = FloatVector.broadcast(FLOATS, root);
    var leastGradient = FloatVector.broadcast(FLOATS, LEAST_GRADIENT);
    var leastFirst = FloatVector.broadcast(FLOATS, LEAST_FIRST);
    var leastSecond = FloatVector.broadcast(FLOATS, LEAST_SECOND);
    var zero = FloatVector.zero(FLOATS);
    int i = 0;
    for (; i <= count - WIDTH; i += WIDTH) {
      var g = FloatVector.fromMemorySegment(FLOATS, ALL, gradient + 4L * i, ORDER).mul(times);
      var m = FloatVector.fromMemorySegment(FLOATS, ALL, first + 4L * i, ORDER);
      var v = FloatVector.fromMemorySegment(FLOATS, ALL, second + 4L * i, ORDER);
      var p = FloatVector.fromMemorySegment(FLOATS, ALL, parameters + 4L * i, ORDER);
      g = g.blend(zero, g.abs().compare(LT, leastGradient));
      m = m.fma(keep1, g.mul(take1));
      m = m.blend(zero, m.abs().compare(LT, leastFirst));
      v = v.fma(keep2, g.mul(take2).mul(g));
      v = v.blend(zero, v.compare(LT, leastSecond));
      p = m.mul(minusRate).div(v.sqrt().fma(perRoot, epsilon)).add(p);
      m.intoMemorySegment(ALL, first + 4L * i, ORDER);
      v.intoMemorySegment(ALL, second + 4L * i, ORDER);
      p.intoMemorySegment(ALL, parameters + 4L * i, ORDER);
    }
    for (; i < count; i++) {
      element(
          parameters + 4L * i,
          first + 4L * i,
          second + 4L * i,
          Lanes.fp32(gradient + 4L * i) * gradientFactor,
          rate,
          root);
    }
  }

  private static void element(
      long parameter, long first, long second, float gradient, float rate, float root) {
    float g = Math.abs(gradient) < LEAST_GRADIENT ? 0 : gradient;
    float m = Math.fma(Lanes.fp32(first), (float) BETA1, g * (float) (1 - BETA1));
    float v = Math.fma(Lanes.fp32(second), (float) BETA2, g * (float) (1 - BETA2) * g);
    m = Math.abs(m) < LEAST_FIRST ? 0 : m;
    v = v < LEAST_SECOND ? 0 : v;
    Lanes.putFp32(first, m);
    Lanes.putFp32(second, v);
    float change = m * rate / Math.fma((float) Math.sqrt(v), root, EPSILON);
    Lanes.putFp32(parameter, Lanes.fp32(parameter) + change);
  }
}
