package dev.luthier.engine.kernel;

/// Rows in raw memory: where the first begins, and how many elements lie from the start of one row
/// to the start of the next. Says nothing of their number and type: the kernel that is given it
/// does.
public record Strided(long address, long stride) {
  /// No rows: for what may be left out.
  public static final Strided NONE = new Strided(0, 0);

  public boolean isNone() {
    return address == 0;
  }

  /// The rows from `row` on, of elements of `bytes`.
  Strided from(long row, int bytes) {
    return new Strided(address + row * stride * bytes, stride);
  }
}
