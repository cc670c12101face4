package dev.luthier.engine.tensor;

/// A kind of processor. Sums differ in their last bits from one kind to another.
public enum DeviceClass {
  CPU("cpu"),
  CUDA("cuda"),
  /// Tensors with shapes and no values: they cannot be mixed with those of the host, nor read. A
  /// computation that runs through on them would run through on a GPU without waiting for it.
  META("meta");

  private final String text;

  DeviceClass(String text) {
    this.text = text;
  }

  /// As settings, files and LibTorch write it.
  public String text() {
    return text;
  }
}
