package dev.luthier.engine.train.gradient;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraWeights;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.function.UnaryOperator;

/// An adapter's matrices in the type that products are computed in, made anew when its parameters
/// have changed.
final class AdapterCopies implements AutoCloseable {
  private final LoraAdapter adapter;
  private final Precision precision;
  private final UnaryOperator<Tensor> as;
  private Scope owner = Scope.detached();
  private LoraWeights weights;

  /// Makes the first copies.
  ///
  /// @param as what becomes of each copy, e.g. a parameter whose gradient is recorded
  AdapterCopies(LoraAdapter adapter, Precision precision, UnaryOperator<Tensor> as) {
    this.adapter = adapter;
    this.precision = precision;
    this.as = as;
    this.weights = copies();
  }

  private LoraWeights copies() {
    try (var _ = Scope.open()) {
      return adapter.weights(precision).map(matrix -> as.apply(matrix).moveTo(owner));
    }
  }

  LoraWeights weights() {
    return weights;
  }

  void renew() {
    owner.close();
    owner = Scope.detached();
    weights = copies();
  }

  @Override
  public void close() {
    owner.close();
  }
}
