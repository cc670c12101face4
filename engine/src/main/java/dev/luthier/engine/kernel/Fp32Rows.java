package dev.luthier.engine.kernel;

/// Sums over flat fp32 arrays of any length, in one fixed order.
public final class Fp32Rows {
  private Fp32Rows() {}

  /// sum(x^2) of x [count]: blocks of 4096 elements in fp32, the blocks in double precision.
  public static double sumOfSquares(long x, long count) {
    Lanes.unfinished(x);
    return 0;
  }

  /// y += factor * x, both fp32 [count].
  public static void addScaled(long y, long x, float factor, long count) {
    Lanes.unfinished(y);
  }

  /// y fp32 += factor * x bf16, both [count].
  public static void addScaledBf16(long y, long x, float factor, long count) {
    Lanes.unfinished(y);
  }
}
