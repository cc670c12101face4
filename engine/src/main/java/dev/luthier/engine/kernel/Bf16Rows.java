package dev.luthier.engine.kernel;

/// Rows of bf16 from and to fp32. Rounding is to nearest, ties to even; a NaN stays a NaN.
///
/// Strides count elements of the row's own type. Fastest where columns are a multiple of 64: so are
/// the tiles that a matrix product leaves in the first-level cache.
public final class Bf16Rows {
  private Bf16Rows() {}

  /// y bf16 = x fp32, both [rows,columns]. y may overlay x when both rows begin at one address.
  public static void fromFp32(long y, long yStride, long x, long xStride, int rows, int columns) {
    Lanes.unfinished(y);
  }

  /// y bf16 = x fp32 * factor, both [rows,columns].
  public static void fromFp32Scaled(
      long y, long yStride, long x, long xStride, float factor, int rows, int columns) {
    Lanes.unfinished(y);
  }

  /// y bf16 = x fp32 + residual bf16, rounded once; all [rows,columns]. y may be the residual.
  public static void fromFp32Plus(
      long y,
      long yStride,
      long x,
      long xStride,
      long residual,
      long residualStride,
      int rows,
      int columns) {
    Lanes.unfinished(y);
  }

  /// y fp32 = x bf16, both [rows,columns].
  public static void toFp32(long y, long yStride, long x, long xStride, int rows, int columns) {
    Lanes.unfinished(y);
  }

  /// y = a + b, all bf16 [rows,columns]. y may be a or b.
  public static void add(
      long y, long yStride, long a, long aStride, long b, long bStride, int rows, int columns) {
    Lanes.unfinished(y);
  }
}
