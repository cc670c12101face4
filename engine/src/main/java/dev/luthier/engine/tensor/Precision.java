package dev.luthier.engine.tensor;

import dev.luthier.engine.weights.DType;

/// The type in which a model's products are computed. Sums inside a product, norms, losses, master
/// weights and moments are fp32 either way.
public enum Precision {
  BF16(DType.BF16),
  FP32(DType.F32);

  private final DType dtype;

  Precision(DType dtype) {
    this.dtype = dtype;
  }

  public DType dtype() {
    return dtype;
  }
}
