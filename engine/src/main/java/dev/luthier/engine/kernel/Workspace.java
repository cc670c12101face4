package dev.luthier.engine.kernel;

/// What a thread needs beside its operands while it multiplies: a few blocks that stay in its
/// cache. One a thread; it lives as long as the memory it was made in.
public final class Workspace {
  /// Rows that pass a block of weights between two changes of the units' configuration.
  static final int ROWS = 256;

  /// fp32 (or int32) [ROWS, 64].
  final long tile;

  /// bf16 row pairs [ROWS / 2][64][2], 32-bit [64][64], or quantised rows.
  final long pairs;

  public Workspace(Memory memory) {
    tile = memory.allocate((long) ROWS * Operand.BLOCK * Float.BYTES);
    pairs = memory.allocate((long) ROWS * Operand.BLOCK * Float.BYTES);
  }
}
