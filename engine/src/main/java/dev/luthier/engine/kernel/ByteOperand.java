package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The right-hand matrix of products in bytes: W^T of a bf16 W [out,in], each output channel (row
/// of W) divided by its own scale = max |w| / 127 and rounded to nearest even. [depth, width] =
/// [in, out].
///
/// Blocks of 64 columns, [depth / 4][64][4] each, the last one filled up with zeros; the depth is a
/// multiple of 4. With each column go its scale and 128 times the sum of its bytes, which the
/// product takes off because activations are unsigned.
public final class ByteOperand {
  /// Columns of a block.
  public static final int BLOCK = Operand.BLOCK;

  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final VectorSpecies<Short> HALF = ShortVector.SPECIES_256;
  private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
  private static final int LANES = 16;
  private static final float LARGEST = 127;

  /// 1.5 * 2^23: added to a small float, its last bits are the nearest integer.
  static final float ROUNDER = 12582912f;

  private final long address;
  private final long scales;
  private final long sums;
  private final int depth;
  private final int width;

  private ByteOperand(long address, long scales, long sums, int depth, int width) {
    this.address = address;
    this.scales = scales;
    this.sums = sums;
    this.depth = depth;
    this.width = width;
  }

  /// Room for W [out,in], to be packed in parts.
  public static ByteOperand allocate(Memory memory, int out, int in) {
    if (in <= 0 || in % 4 != 0 || out <= 0) {
      throw new IllegalArgumentException(
          "%d x %d: the depth must be a multiple of 4, both above 0".formatted(in, out));
    }
    long columns = (out + BLOCK - 1L) / BLOCK * BLOCK;
    return new ByteOperand(
        memory.allocate(columns * in),
        memory.allocate(columns * Float.BYTES),
        memory.allocate(columns * Integer.BYTES),
        in,
        out);
  }

  public int depth() {
    return depth;
  }

  public int width() {
    return width;
  }

  long block(int block) {
    return address + (long) block * BLOCK * depth;
  }

  /// fp32 scales of a block's columns.
  long scales(int block) {
    return scales + (long) block * BLOCK * Float.BYTES;
  }

  /// int32 sums of a block's columns, times 128.
  long sums(int block) {
    return sums + (long) block * BLOCK * Integer.BYTES;
  }

  /// Quantises rows of bf16 `w` [rows,depth] into the columns from `widthAt` on.
  public void pack(Strided w, int rows, int widthAt) {
    if (widthAt < 0 || widthAt + rows > width) {
      throw new IllegalArgumentException(
          "columns %d + %d of an operand of %d".formatted(widthAt, rows, width));
    }
    try (var arena = Arena.ofConfined()) {
      long bytes = arena.allocate((long) BLOCK * depth, 64).address();
      for (int r = 0; r < rows; ) {
        int block = (widthAt + r) / BLOCK;
        int at = (widthAt + r) % BLOCK;
        int count = Math.min(rows - r, BLOCK - at);
        for (int i = 0; i < count; i++) {
          quantise(w.from(r + i, 2).address(), bytes + (long) i * depth, block, at + i);
        }
        // Four bytes of a row stay together: the same order as pairs of bf16.
        Packing.transpose32(bytes, depth / 4, count, depth / 4, block(block) + at * 4L, BLOCK);
        r += count;
      }
    }
  }

  private void quantise(long from, long to, int block, int column) {
    float scale = largest(from, depth) / LARGEST;
    float inverse = scale == 0 ? 0 : 1 / scale;
    int even = depth / LANES * LANES;
    int sum = divide(from, even, inverse, to);
    for (int c = even; c < depth; c++) {
      int quantised = (int) Math.rint(bf16(from, c) * inverse);
      Memory.ALL.set(ValueLayout.JAVA_BYTE, to + c, (byte) quantised);
      sum += quantised;
    }
    Memory.ALL.set(ValueLayout.JAVA_FLOAT, scales(block) + column * 4L, scale);
    Memory.ALL.set(ValueLayout.JAVA_INT, sums(block) + column * 4L, 128 * sum);
  }

  private static int divide(long from, int columns, float inverse, long to) {
    var sum = IntVector.zero(INTS);
    for (long c = 0; c < columns; c += LANES) {
      var bits = ShortVector.fromMemorySegment(HALF, Memory.ALL, from + c * 2, LITTLE_ENDIAN);
      var value =
          ((IntVector) bits.convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0))
              .lanewise(VectorOperators.LSHL, 16)
              .reinterpretAsFloats();
      var quantised =
          value.mul(inverse).add(ROUNDER).reinterpretAsInts().sub(Float.floatToRawIntBits(ROUNDER));
      sum = sum.add(quantised);
      ((ByteVector) quantised.convertShape(VectorOperators.I2B, QUARTER, 0))
          .intoMemorySegment(Memory.ALL, to + c, LITTLE_ENDIAN);
    }
    return sum.reduceLanes(VectorOperators.ADD);
  }

  /// max |x| of a bf16 row. Without their signs, floats are ordered as their bits are.
  static float largest(long from, int columns) {
    var largest = ShortVector.zero(HALF);
    int even = columns / LANES * LANES;
    for (long c = 0; c < even; c += LANES) {
      var bits = ShortVector.fromMemorySegment(HALF, Memory.ALL, from + c * 2, LITTLE_ENDIAN);
      largest = largest.max(bits.and((short) 0x7fff));
    }
    int bits = largest.reduceLanes(VectorOperators.MAX);
    for (long c = even; c < columns; c++) {
      bits = Math.max(bits, Memory.ALL.get(ValueLayout.JAVA_SHORT, from + c * 2) & 0x7fff);
    }
    return Float.intBitsToFloat(bits << 16);
  }

  static float bf16(long from, long column) {
    return Float.intBitsToFloat(Memory.ALL.get(ValueLayout.JAVA_SHORT, from + column * 2) << 16);
  }
}
