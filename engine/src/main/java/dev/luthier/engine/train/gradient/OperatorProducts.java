package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Tensor;

/// By LibTorch's operators: any type, any device.
record OperatorProducts(LlamaModel model) implements FrozenProducts {
  @Override
  public Tensor forward(int layer, LinearName name, Tensor x) {
    return linear(layer, name).forward(x);
  }

  @Override
  public Tensor backward(int layer, LinearName name, Tensor dy) {
    return linear(layer, name).backward(dy);
  }

  @Override
  public void backwardInto(Tensor dx, int layer, LinearName name, Tensor dy) {
    dx.addMatmulInPlace(dy, linear(layer, name).weight(), 1, 1);
  }

  private Linear linear(int layer, LinearName name) {
    return model.layers().get(layer).linear(name);
  }

  @Override
  public void close() {
    // Holds nothing of its own.
  }
}
