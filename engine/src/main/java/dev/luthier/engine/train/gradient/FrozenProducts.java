package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Tensor;

/// How a pass multiplies by the frozen weights W [out,in] of a base's layers.
interface FrozenProducts extends AutoCloseable {
  /// By packed weights where machine and model allow it, else by LibTorch's operators.
  static FrozenProducts of(LlamaModel model, Crew crew) {
    return PackedProducts.fit(model)
        ? new PackedProducts(model, crew)
        : new OperatorProducts(model);
  }

  /// x [N,in] -> x W^T [N,out]
  Tensor forward(int layer, LinearName name, Tensor x);

  /// The gradient of the input from that of the output: dy [N,out] -> dy W [N,in]
  Tensor backward(int layer, LinearName name, Tensor dy);

  /// The same, added to `dx` [N,in].
  void backwardInto(Tensor dx, int layer, LinearName name, Tensor dy);

  @Override
  void close();
}
