package dev.luthier.engine.kernel;

/// The right-hand matrix of products in bytes: W^T of a bf16 W [out,in], each output channel (row
/// of W) divided by its own scale = max |w| / 127 and rounded. [depth, width] = [in, out].
///
/// Blocks of [#BLOCK] columns, [depth / 4][BLOCK][4] each, the last one filled up with zeros; the
/// depth is a multiple of 4. With each column its scale and the sum of its bytes, which the product
/// needs because activations are unsigned.
public final class ByteOperand {
  /// Columns of a block.
  public static final int BLOCK = 64;

  @SuppressWarnings("UnusedVariable") // until it packs
  private final long address;
  private final int depth;
  private final int width;

  private ByteOperand(long address, int depth, int width) {
    this.address = address;
    this.depth = depth;
    this.width = width;
  }

  /// Room for W [out,in], to be packed in parts.
  public static ByteOperand allocate(Memory memory, int out, int in) {
    if (in <= 0 || in % 4 != 0 || out <= 0) {
      throw new IllegalArgumentException(
          "%d x %d: the depth must be a multiple of 4, both above 0".formatted(in, out));
    }
    long blocks = (out + BLOCK - 1L) / BLOCK;
    return new ByteOperand(memory.allocate(blocks * BLOCK * (in + 8L)), in, out);
  }

  /// Rows of bf16 `w` [rows,depth] become the columns from `widthAt` on.
  public void pack(Strided w, int rows, int widthAt) {
    if (rows >= 0) throw new UnsupportedOperationException("" + rows);
  }

  long block(int block) {
    return address + (long) block * BLOCK * depth;
  }

  public int depth() {
    return depth;
  }

  public int width() {
    return width;
  }
}
