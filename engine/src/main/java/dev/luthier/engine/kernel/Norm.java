package dev.luthier.engine.kernel;

/// Root mean square normalisation (Zhang and Sennrich 2019) of bf16 rows, sums in fp32.
///
/// With r = 1 / sqrt(mean(x^2) + epsilon) of a row: y = bf16(bf16(x * r) * weight). Like the
/// reference implementation, the normalised row is rounded before the weight is applied. Sums are
/// taken in one fixed order, so that a row gives the same bits wherever it stands.
///
/// All addresses index [Memory]; strides count elements from a row to the next.
public final class Norm {
  private Norm() {}

  /// y [rows,columns] of x [rows,columns] and weight [columns], all bf16; each row's r goes to
  /// inverseRms, fp32 [rows]. y may be x.
  public static void forward(
      long y,
      long yStride,
      long inverseRms,
      long x,
      long xStride,
      long weight,
      int rows,
      int columns,
      float epsilon) {
    Lanes.unfinished(y);
  }

  /// The residual sum = bf16(x + branch) and, in the same pass, y = the normalised sum as in
  /// [#forward]. All [rows,columns] in bf16; sum may be x or branch.
  public static void addForward(
      long y,
      long yStride,
      long inverseRms,
      long sum,
      long sumStride,
      long x,
      long xStride,
      long branch,
      long branchStride,
      long weight,
      int rows,
      int columns,
      float epsilon) {
    Lanes.unfinished(y);
  }

  /// Adds the gradient of x to dx. With n = x * r and v = dy * weight: dx = bf16(dx + r * (v - n *
  /// mean(v * n))). dx, dy, x [rows,columns] in bf16, inverseRms fp32 [rows] as [#forward] left it.
  public static void backward(
      long dx,
      long dxStride,
      long dy,
      long dyStride,
      long x,
      long xStride,
      long inverseRms,
      long weight,
      int rows,
      int columns) {
    Lanes.unfinished(dx);
  }

  /// Adds the gradient of the weight: dWeight [columns] in fp32 += sum over rows of dy * x * r, in
  /// the order of the rows.
  public static void weightGradient(
      long dWeight,
      long dy,
      long dyStride,
      long x,
      long xStride,
      long inverseRms,
      int rows,
      int columns) {
    Lanes.unfinished(dWeight);
  }
}
