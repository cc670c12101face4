package dev.luthier.engine.train;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Adam;
import dev.luthier.engine.kernel.Fp32Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Numbers;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.Arrays;

/// AdamW (Loshchilov and Hutter 2019) over one flat fp32 array: betas 0.9 and 0.999, epsilon 1e-8,
/// no weight decay, which leaves Adam with bias correction.
///
/// Where the machine's vectors are wide, the crew shares pieces of a fixed size, and sums of pieces
/// are added in order, so the bits do not depend on its size; elsewhere LibTorch's operations do
/// the same.
final class AdamW implements AutoCloseable {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final double NORM_EPSILON = 1e-6;
  private static final long PIECE = 1L << 16;

  private final Scope owner = Scope.detached();
  private final Crew crew;
  private final Tensor parameters;
  private final Tensor first;
  private final Tensor second;
  private final double[] sums;
  private final boolean kernels;

  AdamW(Tensor parameters, Crew crew) {
    this(parameters, crew, Vectors.areWide() && Device.current() == DeviceClass.CPU);
  }

  AdamW(Tensor parameters, Crew crew, boolean kernels) {
    this.parameters = parameters;
    this.crew = crew;
    this.kernels = kernels;
    try (var _ = Scope.open()) {
      this.first = Tensor.zeros(DType.F32, parameters.elements()).moveTo(owner);
      this.second = Tensor.zeros(DType.F32, parameters.elements()).moveTo(owner);
    }
    this.sums = new double[Math.toIntExact((parameters.elements() + PIECE - 1) / PIECE)];
  }

  /// Mean of the gradients so far, decaying.
  Tensor firstMoment() {
    return first;
  }

  /// Mean of their squares.
  Tensor secondMoment() {
    return second;
  }

  /// Works on elements `start` to below `start + count`.
  @FunctionalInterface
  private interface Piece {
    void run(int index, long start, long count);
  }

  private void pieces(Piece piece) {
    crew.each(
        sums.length,
        (_, index) -> {
          long start = index * PIECE;
          piece.run(index, start, Math.min(PIECE, parameters.elements() - start));
        });
  }

  /// Sets a gradient to zero.
  void clear(Tensor gradient) {
    if (!kernels) {
      gradient.zeroInPlace();
      return;
    }
    long address = gradient.memory().address();
    pieces((_, start, count) -> Memory.segment(address + 4 * start, 4 * count).fill((byte) 0));
  }

  /// The update of a step (1-based) by a gradient, scaled down to a Euclidean norm of `normMax` as
  /// PyTorch does, epsilon included. Gives the norm that it had; where that is not finite, the
  /// weights are of no use any more, or were left as they are.
  Numbers step(int step, double learningRate, Tensor gradient, double normMax) {
    return kernels
        ? stepByKernels(step, learningRate, gradient, normMax)
        : stepByTensors(step, learningRate, gradient, normMax);
  }

  private Numbers stepByKernels(int step, double learningRate, Tensor gradient, double normMax) {
    long from = gradient.memory().address();
    pieces((index, start, count) -> sums[index] = Fp32Rows.sumOfSquares(from + 4 * start, count));
    double norm = Math.sqrt(Arrays.stream(sums).sum());
    if (Double.isFinite(norm)) {
      float factor = (float) Math.min(1, normMax / (norm + NORM_EPSILON));
      long to = parameters.memory().address();
      long m = first.memory().address();
      long v = second.memory().address();
      pieces((_, start, count) -> {
        long at = 4 * start;
        Adam.update(to + at, m + at, v + at, from + at, count, step, learningRate, factor);
      });
    }
    return Numbers.known(norm);
  }

  private Numbers stepByTensors(int step, double learningRate, Tensor gradient, double normMax) {
    try (var scope = Scope.open()) {
      var norm = gradient.norm();
      var factor = norm.add(NORM_EPSILON).reciprocal().mul(normMax).atMost(1);
      var g = gradient.mul(factor);
      first.mulInPlace(BETA1).addInPlace(g, 1 - BETA1);
      second.mulInPlace(BETA2).addProductInPlace(g, g, 1 - BETA2);
      double firstBias = 1 - Math.pow(BETA1, step);
      double secondBias = 1 - Math.pow(BETA2, step);
      var root = second.sqrt().divInPlace(Math.sqrt(secondBias)).addInPlace(EPSILON);
      parameters.addQuotientInPlace(first, root, -learningRate / firstBias);
      return Numbers.unread(scope.keep(norm));
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
