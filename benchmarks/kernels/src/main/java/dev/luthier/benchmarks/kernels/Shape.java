package dev.luthier.benchmarks.kernels;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import java.lang.foreign.ValueLayout;

/// The sizes of SmolLM2-135M, and rows of random numbers for them.
final class Shape {
  static final int ROWS = 128;
  static final int HIDDEN = 576;
  static final int INNER = 1536;
  static final int HEAD = 64;
  static final int QUERY_HEADS = 9;
  static final int QKV = 960;
  static final int LOW = 32;
  static final int VOCABULARY = 49_152;

  private Shape() {}

  /// bf16 [rows,columns], a stride as training has it.
  static Strided rows(Memory memory, int rows, int columns) {
    long stride = Strided.spread(columns, 2);
    return new Strided(bf16(memory, rows * stride), stride);
  }

  /// bf16 numbers between 1/2 and 1, of both signs.
  static long bf16(Memory memory, long count) {
    long address = memory.allocate(2 * count);
    var segment = Memory.segment(address, 2 * count);
    for (long i = 0; i < count; i++) {
      short bits = (short) (0x3f00 | i * 37 & 0x7f | (i & 1) << 15);
      segment.setAtIndex(ValueLayout.JAVA_SHORT, i, bits);
    }
    return address;
  }

  /// fp32 numbers between 1/2 and 1, of both signs.
  static long fp32(Memory memory, long count) {
    long address = memory.allocate(4 * count);
    var segment = Memory.segment(address, 4 * count);
    for (long i = 0; i < count; i++) {
      float value = (0.5f + i * 37 % 127 / 254f) * (i % 2 == 0 ? 1 : -1);
      segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
    }
    return address;
  }
}
