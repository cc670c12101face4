package dev.luthier.engine.kernel;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The right-hand matrix of products on vectors of any length: W^T of a W [out,in], each output
/// channel (row of W) divided by its own scale = max |w| / 127 and rounded to nearest even.
///
/// Strips of as many channels as four vectors of fp32 have lanes, [depth][strip] bytes each, the
/// last one filled up with zeros: a product reads them from one end to the other, and no sum
/// crosses lanes. The four vectors' bytes take turns, so that a vector of ints holds one byte of
/// each: two shifts and a mask bring any of them to the top of its int.
public final class StripOperand {
  /// As long as this machine's vectors are.
  static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;

  private static final int LANES = FLOATS.length();

  /// Vectors of a strip.
  static final int VECTORS = Integer.BYTES;

  /// Channels of a strip.
  public static final int STRIP = VECTORS * LANES;

  private static final float LARGEST = 127;

  /// What a byte is multiplied by at the top of an int.
  private static final float TOP = 1 << 24;

  private final long address;
  private final long scales;
  private final int depth;
  private final int width;

  private StripOperand(long address, long scales, int depth, int width) {
    this.address = address;
    this.scales = scales;
    this.depth = depth;
    this.width = width;
  }

  /// Room for W [out,in], to be packed in parts.
  public static StripOperand allocate(Memory memory, int out, int in) {
    if (in <= 0 || out <= 0) {
      throw new IllegalArgumentException("%d x %d: both must be above 0".formatted(out, in));
    }
    long channels = (out + STRIP - 1L) / STRIP * STRIP;
    return new StripOperand(
        memory.allocate(channels * in), memory.allocate(channels * Float.BYTES), in, out);
  }

  public int depth() {
    return depth;
  }

  public int width() {
    return width;
  }

  /// Where the bytes of a strip begin.
  long strip(int strip) {
    return address + (long) strip * STRIP * depth;
  }

  /// fp32 scales of a strip's channels, for bytes at the top of an int.
  long scales(int strip) {
    return scales + (long) strip * STRIP * Float.BYTES;
  }

  /// Quantises bf16 rows [rows,depth] into the channels from `first` on.
  public void packBf16(Strided w, int rows, int first) {
    pack(rows, first, (row, column) -> Lanes.bf16(w.address() + (row * w.stride() + column) * 2));
  }

  /// Quantises `factor` times fp32 rows [rows,depth] into the channels from `first` on.
  public void packFp32(Strided w, float factor, int rows, int first) {
    pack(
        rows,
        first,
        (row, column) -> factor * Lanes.fp32(w.address() + (row * w.stride() + column) * 4));
  }

  private interface Elements {
    float at(long row, long column);
  }

  private void pack(int rows, int first, Elements w) {
    if (first < 0 || first + rows > width) {
      throw new IllegalArgumentException(
          "channels %d + %d of an operand of %d".formatted(first, rows, width));
    }
    for (int r = 0; r < rows; r++) {
      float largest = 0;
      for (int c = 0; c < depth; c++) {
        largest = Math.max(largest, Math.abs(w.at(r, c)));
      }
      float scale = largest / LARGEST;
      float inverse = scale == 0 ? 0 : 1 / scale;
      int channel = first + r;
      int vector = channel % STRIP / LANES;
      long to = strip(channel / STRIP) + (long) channel % LANES * VECTORS + vector;
      for (int c = 0; c < depth; c++) {
        byte quantised = (byte) Math.rint(w.at(r, c) * inverse);
        Memory.ALL.set(ValueLayout.JAVA_BYTE, to + (long) c * STRIP, quantised);
      }
      Lanes.putFp32(scales(channel / STRIP) + channel % STRIP * 4L, scale / TOP);
    }
  }
}
