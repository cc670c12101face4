package dev.luthier.engine.train;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Adam;
import dev.luthier.engine.kernel.Fp32Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Vectors;
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
  private static final long PIECE = 1L << 16;

  private final Scope owner = Scope.detached();
  private final Crew crew;
  private final Tensor parameters;
  private final Tensor first;
  private final Tensor second;
  private final double[] sums;
  private final boolean kernels = Vectors.areWide();

  AdamW(Tensor parameters, Crew crew) {
    this.parameters = parameters;
    this.crew = crew;
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
    long address = gradient.memory().address();
    pieces((_, start, count) -> Memory.segment(address + 4 * start, 4 * count).fill((byte) 0));
  }

  /// The Euclidean norm of a gradient.
  double norm(Tensor gradient) {
    if (!kernels) {
      try (var _ = Scope.open()) {
        return gradient.norm().item();
      }
    }
    long address = gradient.memory().address();
    pieces(
        (index, start, count) -> sums[index] = Fp32Rows.sumOfSquares(address + 4 * start, count));
    return Math.sqrt(Arrays.stream(sums).sum());
  }

  /// The update of a step (1-based) by `factor` times a gradient.
  void step(int step, double learningRate, Tensor gradient, double factor) {
    if (!kernels) {
      stepByTensors(step, learningRate, gradient, factor);
      return;
    }
    long to = parameters.memory().address();
    long from = gradient.memory().address();
    long m = first.memory().address();
    long v = second.memory().address();
    pieces((_, start, count) -> {
      long at = 4 * start;
      Adam.update(to + at, m + at, v + at, from + at, count, step, learningRate, (float) factor);
    });
  }

  private void stepByTensors(int step, double learningRate, Tensor gradient, double factor) {
    try (var _ = Scope.open()) {
      var g = gradient.mul(factor);
      first.mulInPlace(BETA1).addInPlace(g, 1 - BETA1);
      second.mulInPlace(BETA2).addProductInPlace(g, g, 1 - BETA2);
      double firstBias = 1 - Math.pow(BETA1, step);
      double secondBias = 1 - Math.pow(BETA2, step);
      var root = second.sqrt().divInPlace(Math.sqrt(secondBias)).addInPlace(EPSILON);
      parameters.addQuotientInPlace(first, root, -learningRate / firstBias);
    }
  }

  @Override
  public void close() {
    owner.close();
  }
}
