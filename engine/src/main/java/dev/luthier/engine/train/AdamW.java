package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;

/// AdamW (Loshchilov and Hutter 2019) over one flat fp32 array: betas 0.9 and 0.999, epsilon 1e-8,
/// no weight decay, which leaves Adam with bias correction.
final class AdamW implements AutoCloseable {
  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.999;
  private static final double EPSILON = 1e-8;

  private final Scope owner = Scope.detached();
  private final Tensor parameters;
  private final Tensor first;
  private final Tensor second;

  AdamW(Tensor parameters) {
    this.parameters = parameters;
    try (var _ = Scope.open()) {
      this.first = Tensor.zeros(DType.F32, parameters.elements()).moveTo(owner);
      this.second = Tensor.zeros(DType.F32, parameters.elements()).moveTo(owner);
    }
  }

  /// Mean of the gradients so far, decaying.
  Tensor firstMoment() {
    return first;
  }

  /// Mean of their squares.
  Tensor secondMoment() {
    return second;
  }

  /// The update of a step (1-based).
  void step(int step, double learningRate, Tensor gradient) {
    try (var _ = Scope.open()) {
      first.mulInPlace(BETA1).addInPlace(gradient, 1 - BETA1);
      second.mulInPlace(BETA2).addProductInPlace(gradient, gradient, 1 - BETA2);
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
