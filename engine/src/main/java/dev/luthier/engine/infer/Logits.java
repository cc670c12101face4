package dev.luthier.engine.infer;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// What sampling asks of a row of logits, in vectors as wide as the machine has.
///
/// Sums are taken in one fixed order: in fp32 within blocks of [#BLOCK], in double precision over
/// them.
final class Logits {
  static final int BLOCK = 1024;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private Logits() {}

  /// The first index of the largest value; 0 where there is a NaN.
  static int indexOfLargest(float[] values) {
    float largest = largest(values);
    for (int i = 0; i < values.length; i++) {
      if (values[i] == largest) {
        return i;
      }
    }
    return 0;
  }

  static float largest(float[] values) {
    int even = FLOATS.loopBound(values.length);
    var most = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (int i = 0; i < even; i += FLOATS.length()) {
      most = most.max(FloatVector.fromArray(FLOATS, values, i));
    }
    float largest = most.reduceLanes(VectorOperators.MAX);
    for (int i = even; i < values.length; i++) {
      largest = Math.max(largest, values[i]);
    }
    return largest;
  }

  /// log(sum(exp(values)))
  static float logSumExp(float[] values) {
    float largest = largest(values);
    double sum = 0;
    for (int start = 0; start < values.length; start += BLOCK) {
      sum += sumOfExp(values, start, Math.min(start + BLOCK, values.length), largest);
    }
    return (float) (largest + Math.log(sum));
  }

  private static double sumOfExp(float[] values, int start, int end, float largest) {
    int even = start + FLOATS.loopBound(end - start);
    var sums = FloatVector.zero(FLOATS);
    for (int i = start; i < even; i += FLOATS.length()) {
      var value = FloatVector.fromArray(FLOATS, values, i);
      sums = sums.add(value.sub(largest).lanewise(VectorOperators.EXP));
    }
    double sum = sums.reduceLanes(VectorOperators.ADD);
    for (int i = even; i < end; i++) {
      sum += Math.exp(values[i] - largest);
    }
    return sum;
  }

  /// weights[i] = exp((values[i] - largest) / temperature), which overflows for no temperature;
  /// `sums` gets the sum of each block.
  static void weigh(float[] values, double temperature, float[] weights, double[] sums) {
    float largest = largest(values);
    float factor = (float) (1 / temperature);
    for (int block = 0; block < sums.length; block++) {
      int start = block * BLOCK;
      int end = Math.min(start + BLOCK, values.length);
      sums[block] = weigh(values, start, end, largest, factor, weights);
    }
  }

  private static double weigh(
      float[] values, int start, int end, float largest, float factor, float[] weights) {
    int even = start + FLOATS.loopBound(end - start);
    var sums = FloatVector.zero(FLOATS);
    for (int i = start; i < even; i += FLOATS.length()) {
      var value = FloatVector.fromArray(FLOATS, values, i);
      var weight = value.sub(largest).mul(factor).lanewise(VectorOperators.EXP);
      weight.intoArray(weights, i);
      sums = sums.add(weight);
    }
    double sum = sums.reduceLanes(VectorOperators.ADD);
    for (int i = even; i < end; i++) {
      weights[i] = (float) Math.exp((values[i] - largest) * factor);
      sum += weights[i];
    }
    return sum;
  }
}
