package dev.luthier.engine.kernel;

import java.lang.foreign.MemorySegment;

/// The right-hand matrix of bf16 products, [depth, width], packed once for the matrix units.
///
/// Blocks of [#BLOCK] columns, one after another; in a block the row pairs lie side by side: [depth
/// / 2][block width][2]. The last block is as wide as the columns that are left, rounded up to a
/// multiple of 16 by columns of zeros. The depth is even.
///
/// A linear layer's W [out,in] is packed by [#transposed] for Y = X W^T and by [#straight] for dX =
/// dY W. Several matrices share an operand by [#packTransposed] and [#packStraight] into parts of
/// it: q|k|v side by side, or low-rank matrices along a diagonal of zeros.
public final class Operand {
  /// Columns of a block: what two tiles of the units hold, twice.
  public static final int BLOCK = 64;

  private static final int GRAIN = 16;

  private final long address;
  private final int wholeDepth;
  private final int wholeWidth;
  private final int firstDepth;
  private final int depth;
  private final int firstBlock;
  private final int width;

  private Operand(
      long address,
      int wholeDepth,
      int wholeWidth,
      int firstDepth,
      int depth,
      int firstBlock,
      int width) {
    this.address = address;
    this.wholeDepth = wholeDepth;
    this.wholeWidth = wholeWidth;
    this.firstDepth = firstDepth;
    this.depth = depth;
    this.firstBlock = firstBlock;
    this.width = width;
  }

  /// An operand of zeros, to be packed in parts.
  public static Operand allocate(Memory memory, int depth, int width) {
    if (depth <= 0 || depth % 2 != 0 || width <= 0) {
      throw new IllegalArgumentException(
          "an operand of %d x %d: the depth must be even, both above 0".formatted(depth, width));
    }
    long bytes = (long) depth * roundUp(width, GRAIN) * 2;
    return new Operand(memory.allocate(bytes), depth, width, 0, depth, 0, width);
  }

  /// W^T of a bf16 W [out,in]: depth in, width out.
  public static Operand transposed(Memory memory, int out, int in, Strided w) {
    var operand = allocate(memory, in, out);
    operand.packTransposed(w, out, in, 0, 0);
    return operand;
  }

  /// W of a bf16 W [out,in]: depth out, width in.
  public static Operand straight(Memory memory, int out, int in, Strided w) {
    var operand = allocate(memory, out, in);
    operand.packStraight(w, out, in, 0, 0);
    return operand;
  }

  public int depth() {
    return depth;
  }

  public int width() {
    return width;
  }

  public int blocks() {
    return (width + BLOCK - 1) / BLOCK;
  }

  /// The columns from `first`, a multiple of [#BLOCK], on: the same memory. Ends at a multiple too,
  /// or with this.
  public Operand columns(int first, int count) {
    boolean ends = first + count == width;
    if (first < 0 || count <= 0 || first + count > width) {
      throw new IllegalArgumentException(
          "columns %d + %d of an operand of %d".formatted(first, count, width));
    }
    if (first % BLOCK != 0 || (count % BLOCK != 0 && !ends)) {
      throw new IllegalArgumentException(
          "columns %d + %d cut a block of %d".formatted(first, count, BLOCK));
    }
    return new Operand(
        address, wholeDepth, wholeWidth, firstDepth, depth, firstBlock + first / BLOCK, count);
  }

  /// The rows from `first` on, an even number of them from an even place: the same memory.
  public Operand depths(int first, int count) {
    if (first < 0 || first % 2 != 0 || count <= 0 || count % 2 != 0 || first + count > depth) {
      throw new IllegalArgumentException(
          "rows %d + %d of an operand of %d: both must be even".formatted(first, count, depth));
    }
    return new Operand(
        address, wholeDepth, wholeWidth, firstDepth + first, count, firstBlock, width);
  }

  /// Columns of block `block` as they lie in memory: [#BLOCK], or the last block's.
  int blockWidth(int block) {
    int left = wholeWidth - (firstBlock + block) * BLOCK;
    return Math.min(BLOCK, roundUp(left, GRAIN));
  }

  /// Where block `block` begins.
  long block(int block) {
    long before = (long) (firstBlock + block) * BLOCK * wholeDepth * 2;
    return address + before + (long) firstDepth * blockWidth(block) * 2;
  }

  /// Rows of bf16 `w` [rows,columns] become columns: (r, c) goes to depth `depthAt` + c, column
  /// `widthAt` + r. `columns` and `depthAt` are even..
  public void packTransposed(Strided w, int rows, int columns, int depthAt, int widthAt) {
    inside(columns, rows, depthAt, widthAt);
    if (columns % 2 != 0 || w.stride() % 2 != 0) {
      throw new IllegalArgumentException(
          "%d columns of rows of %d cannot lie in pairs".formatted(columns, w.stride()));
    }
    for (int r = 0; r < rows; ) {
      int block = (widthAt + r) / BLOCK;
      int at = (widthAt + r) % BLOCK;
      int count = Math.min(rows - r, BLOCK - at);
      int blockWidth = blockWidth(block);
      Packing.transpose32(
          w.address() + r * w.stride() * 2,
          w.stride() / 2,
          count,
          columns / 2,
          block(block) + ((long) depthAt / 2 * blockWidth + at) * 4,
          blockWidth);
      r += count;
    }
  }

  /// Rows of bf16 `w` [rows,columns] stay rows: (r, c) goes to depth `depthAt` + r, column
  /// `widthAt` + c. `depthAt` is even; so is `rows`, unless zeros may follow.
  public void packStraight(Strided w, int rows, int columns, int depthAt, int widthAt) {
    inside(rows, columns, depthAt, widthAt);
    for (int c = 0; c < columns; ) {
      int block = (widthAt + c) / BLOCK;
      int at = (widthAt + c) % BLOCK;
      int count = Math.min(columns - c, BLOCK - at);
      int blockWidth = blockWidth(block);
      Packing.interleave(
          w.address() + c * 2L,
          w.stride(),
          rows,
          count,
          block(block) + ((long) depthAt / 2 * blockWidth + at) * 4,
          blockWidth);
      c += count;
    }
  }

  private void inside(int rows, int columns, int depthAt, int widthAt) {
    if (depthAt < 0 || depthAt % 2 != 0 || widthAt < 0) {
      throw new IllegalArgumentException("no part begins at %d, %d".formatted(depthAt, widthAt));
    }
    if (depthAt + rows > depth || widthAt + columns > width) {
      throw new IllegalArgumentException(
          "%d x %d at %d, %d lies outside an operand of %d x %d"
              .formatted(rows, columns, depthAt, widthAt, depth, width));
    }
  }

  /// The packed bytes, for tests.
  MemorySegment bytes() {
    return Memory.segment(address, (long) wholeDepth * roundUp(wholeWidth, GRAIN) * 2);
  }

  private static int roundUp(int value, int multiple) {
    return (value + multiple - 1) / multiple * multiple;
  }
}
