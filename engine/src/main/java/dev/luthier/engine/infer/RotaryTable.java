package dev.luthier.engine.infer;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.nn.Rotary;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Angles of the rotary embedding in raw memory: addresses of cosines and sines, fp32
/// [positions,half].
record RotaryTable(long cos, long sin, int half) {
  static RotaryTable of(Rotary rotary, int headDim, Memory memory) {
    int half = headDim / 2;
    return new RotaryTable(
        copied(rotary.cosines(), half, memory), copied(rotary.sines(), half, memory), half);
  }

  /// The first half of each row of angles; the second repeats it.
  private static long copied(float[] values, int half, Memory memory) {
    long bytes = (long) values.length / 2 * Float.BYTES;
    long address = memory.allocate(bytes);
    var target = Memory.segment(address, bytes);
    for (int at = 0; at < values.length / 2; at += half) {
      MemorySegment.copy(
          values, 2 * at, target, ValueLayout.JAVA_FLOAT, (long) at * Float.BYTES, half);
    }
    return address;
  }

  /// Address of a position's cosines.
  long cos(int position) {
    return cos + (long) position * half * Float.BYTES;
  }

  /// Address of a position's sines.
  long sin(int position) {
    return sin + (long) position * half * Float.BYTES;
  }
}
