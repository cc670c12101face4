package dev.luthier.engine.weights;

import java.util.Optional;

/// Element types of tensors in a GGUF file that can be dequantised, with ggml's numbers and block
/// sizes.
public enum GgufType {
  F32(0, 1, 4),
  F16(1, 1, 2),
  Q4_0(2, 32, 18),
  Q4_1(3, 32, 20),
  Q5_0(6, 32, 22),
  Q5_1(7, 32, 24),
  Q8_0(8, 32, 34),
  Q4_K(12, 256, 144),
  Q6_K(14, 256, 210),
  BF16(30, 1, 2);

  private final int number;
  private final int blockElements;
  private final int blockBytes;

  GgufType(int number, int blockElements, int blockBytes) {
    this.number = number;
    this.blockElements = blockElements;
    this.blockBytes = blockBytes;
  }

  static Optional<GgufType> ofNumber(int number) {
    for (GgufType type : values()) {
      if (type.number == number) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Elements that share one block; a row holds whole blocks.
  public int blockElements() {
    return blockElements;
  }

  public int blockBytes() {
    return blockBytes;
  }
}
