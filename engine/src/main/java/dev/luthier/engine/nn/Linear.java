package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Tensor;

/// A frozen linear map without bias; weight [out,in] as files keep it.
public record Linear(Tensor weight) {
  /// x [N,in] -> [N,out]
  public Tensor forward(Tensor x) {
    return x.linear(weight);
  }

  /// The gradient of the input from that of the output: dy [N,out] -> [N,in].
  public Tensor backward(Tensor dy) {
    return dy.matmul(weight);
  }

  public long inFeatures() {
    return weight.size(1);
  }

  public long outFeatures() {
    return weight.size(0);
  }
}
