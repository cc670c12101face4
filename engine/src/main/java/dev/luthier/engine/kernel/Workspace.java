package dev.luthier.engine.kernel;

/// What a thread needs beside its operands while it multiplies: a few blocks that stay in its
/// cache. One a thread; it lives as long as the memory it was made in.
public final class Workspace {
  /// fp32 or int32, [256][64].
  final long tile;

  /// Low-rank parts that wait at the same time for what they are added to.
  static final int LOWS = 2;

  private static final long LOW_BYTES = 128L * Operand.BLOCK * Float.BYTES;

  private final long lows;

  /// bf16 row pairs [128][64][2], or 32 bits [256][64].
  final long pairs;

  /// fp32 [64], to be added where there is nothing to add.
  final long zeros;

  public Workspace(Memory memory) {
    tile = memory.allocate(256L * Operand.BLOCK * Float.BYTES);
    lows = memory.allocate(LOWS * LOW_BYTES);
    pairs = memory.allocate(256L * Operand.BLOCK * Float.BYTES);
    zeros = memory.allocate((long) Operand.BLOCK * Float.BYTES);
  }

  /// fp32 [128][64], the i-th of [#LOWS].
  long lows(int i) {
    return lows + i * LOW_BYTES;
  }
}
