package dev.luthier.engine.kernel;

/// Rows [first, first + count) of those that lie quantised from `address` on,
/// [ByteProduct#rowBytes] apart, all of one kind.
public record ByteRows(long address, int first, int count, Planes planes) {
  /// In how many bytes an element is given to the units: each costs them a row of its own.
  public enum Planes {
    /// 8 bits: x = scale (high - 128).
    ONE(64),
    /// 16 bits: x = scale (256 high + low - 32768).
    TWO(32);

    /// Rows of a tile: 64 rows of bytes.
    final int tileRows;

    Planes(int tileRows) {
      this.tileRows = tileRows;
    }
  }

  public int end() {
    return first + count;
  }
}
