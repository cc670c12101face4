package dev.luthier.engine.kernel;

/// Rotary positions (Su et al. 2021) on the heads of bf16 rows, in place, in the half-split layout
/// of Hugging Face: dimension i turns with dimension i + headDim / 2.
///
/// A row holds `heads` heads of `headDim` elements, one after the other from the address given; in
/// a row of queries, keys and values, one call for heads = query heads + key heads turns both. cos
/// and sin are fp32 tables [positions,headDim/2]; positions holds each row's int32 position.
public final class Rope {
  private Rope() {}

  /// Per head, with a its first half and b its second: a, b = a * cos - b * sin, b * cos + a * sin.
  public static void turn(
      long x, long stride, int rows, int heads, int headDim, long cos, long sin, long positions) {
    Lanes.unfinished(x);
  }

  /// Turns back by the same angles, which is also the gradient of [#turn].
  public static void turnBack(
      long x, long stride, int rows, int heads, int headDim, long cos, long sin, long positions) {
    Lanes.unfinished(x);
  }
}
