package dev.luthier.engine.kernel;

/// Rows in raw memory: where the first begins, and how many elements lie from the start of one row
/// to the start of the next. Says nothing of their number and type: the kernel that is given it
/// does.
public record Strided(long address, long stride) {
  /// No rows: for what may be left out.
  public static final Strided NONE = new Strided(0, 0);

  private static final int LINE_BYTES = 64;

  /// The shortest stride for rows of `columns` elements that is an odd number of cache lines. Tiles
  /// are read and written down the rows: with another stride they crowd into a few sets of the
  /// cache (rows of 3072 bf16 cost a quarter of a product's time). Room that is left between the
  /// rows can hold what belongs to them, as a low-rank product does.
  public static long spread(long columns, int elementBytes) {
    long lines = (columns * elementBytes + LINE_BYTES - 1) / LINE_BYTES;
    return (lines | 1) * LINE_BYTES / elementBytes;
  }

  public boolean isNone() {
    return address == 0;
  }

  /// The rows from `row` on, of elements of `bytes`.
  Strided from(long row, int bytes) {
    return new Strided(address + row * stride * bytes, stride);
  }
}
