package dev.luthier.engine.model;

import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Tensor;

/// How a forward pass applies one of its linears; adapters come in here.
@FunctionalInterface
public interface Projection {
  /// x [N,in] -> [N,out], in the innermost scope
  Tensor project(int layer, LinearName name, Linear linear, Tensor x);

  /// The base model, without any adapter.
  static Projection plain() {
    return (_, _, linear, x) -> linear.forward(x);
  }
}
