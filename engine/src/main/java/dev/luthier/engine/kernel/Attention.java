package dev.luthier.engine.kernel;

/// Causal softmax attention of one head at a time, on bf16 rows, with the temporaries it needs: one
/// per thread.
///
/// First the keys and values are handed over with [#keys], in one range or several (a shared prefix
/// and a document's own rows, say), then any number of query heads that share them (grouped-query
/// attention) with [#forward]. What a row gives depends on nothing but its query and the keys it
/// sees: neither on other rows' values nor on what was computed before.
public final class Attention {
  /// For up to `maxKeys` keys of `headDim` elements, a multiple of 32 up to 256.
  public Attention(Memory memory, int headDim, int maxKeys) {
    pending();
  }

  /// Takes the keys and values of positions `at` to `at + count - 1`: k and v are [count,D]. Ranges
  /// come in order, the first at 0; later ones may replace the end of what is there.
  public void keys(int at, int count, Strided k, Strided v) {
    pending();
  }

  /// One query head: q [rows,D] at positions `start` to `start + rows - 1`, where the last is that
  /// of the last key. Row r gives out[r] = sum_t p[t] v[t] over t <= start + r, with p = softmax(q
  /// k^T / sqrt(D)), and, unless `lse` is 0, the natural logarithm of its softmax's sum to the fp32
  /// vector there [rows].
  public void forward(int start, int rows, Strided q, Strided out, long lse) {
    pending();
  }

  /// One new token of one key-value head: the queries of its `group` (at most 16) heads [group,D]
  /// see keys 0 to `count - 1`, which lie in k and v [count,D] where they are (nothing handed over
  /// by [#keys] is used or lost). out is [group,D].
  public void token(int count, int group, Strided q, Strided k, Strided v, Strided out) {
    pending();
  }

  private static void pending() {
    throw new UnsupportedOperationException("bodies follow");
  }
}
