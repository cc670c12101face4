package dev.luthier.engine.kernel;

/// The gradients of [Attention], one head at a time, with the temporaries they need: one per
/// thread.
///
/// With P the probabilities, computed again from the saved logarithms of their sums, and s =
/// 1/sqrt(D): dV = P^T dO, dS = P * (dO V^T - rowsum(dO * O)), dQ = s dS K, dK = s dS^T Q (Dao et
/// al. 2022, FlashAttention, algorithm 4).
///
/// Heads that share keys sum their dK and dV. To let them go to different threads, each leaves its
/// share in fp32, [#partialBytes] long, and [#sum] adds the shares in order: [#group] gives the
/// same bits in one call.
public final class AttentionGradient {
  /// For up to `maxKeys` keys of `headDim` elements, a multiple of 32 up to 256.
  public AttentionGradient(Memory memory, int headDim, int maxKeys) {
    pending();
  }

  /// As [Attention#keys].
  public void keys(int at, int count, Strided k, Strided v) {
    pending();
  }

  /// One query head over the keys handed over: q, out, dOut, dq [rows,D], lse fp32 [rows], as
  /// [Attention#forward] has them; `partial` receives this head's share of dK and dV.
  public void head(
      int start,
      int rows,
      Strided q,
      Strided out,
      Strided dOut,
      long lse,
      Strided dq,
      long partial) {
    pending();
  }

  /// All `group` query heads of one key-value head of a document: q, out, dOut, dq are those of the
  /// first head, the others follow D elements to the right each, and their lse `lseStride` floats
  /// on. Writes dq, dk and dv [rows,D]. Hands the keys over itself.
  public void group(
      int rows,
      int group,
      Strided q,
      Strided k,
      Strided v,
      Strided out,
      Strided dOut,
      long lse,
      long lseStride,
      Strided dq,
      Strided dk,
      Strided dv) {
    pending();
  }

  /// The bytes of one head's share of dK and dV of `keys` keys.
  public static long partialBytes(int keys, int headDim) {
    return (keys + 63L) / 64 * 64 * 2 * headDim * Float.BYTES;
  }

  /// Adds `shares` shares of dK and dV of `keys` keys, which lie one after another from `partials`,
  /// in order, and writes those of positions `at` to `at + count - 1` to dk and dv [count,D].
  public static void sum(
      int keys, int headDim, int shares, long partials, int at, int count, Strided dk, Strided dv) {
    pending();
  }

  private static void pending() {
    throw new UnsupportedOperationException("bodies follow");
  }
}
