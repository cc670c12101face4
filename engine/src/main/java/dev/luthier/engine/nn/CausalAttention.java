package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.Arrays;

/// Softmax attention of a document to itself, written out as products: LibTorch's own fused
/// attention is a hundred times too slow backwards in bf16 on a processor.
///
/// Groups of query heads share a key-value head (grouped-query attention); a group's heads are
/// stacked as rows of one product, so keys and values are never copied.
public record CausalAttention(int heads, int kvHeads, int headDim) {
  public CausalAttention {
    if (heads % kvHeads != 0) {
      throw new IllegalArgumentException(
          "%d query heads cannot share %d key-value heads evenly".formatted(heads, kvHeads));
    }
  }

  /// q [T,H*D], k and v [T,KV*D], mask from [#mask] -> [T,H*D]
  public Tensor forward(Tensor q, Tensor k, Tensor v, Tensor mask) {
    try (var scope = Scope.open()) {
      var probabilities = probabilities(q, k, mask); // (KV, G*T, T)
      return scope.keep(ungrouped(probabilities.matmul(byHead(v))));
    }
  }

  /// softmax(q k^T / sqrt(D) + mask): [KV,G*T,T]
  public Tensor probabilities(Tensor q, Tensor k, Tensor mask) {
    try (var scope = Scope.open()) {
      var scores =
          mask.addBatchMatmul(grouped(q), byHead(k).transpose(1, 2), 1, 1 / Math.sqrt(headDim));
      return scope.keep(scores.softmax(-1));
    }
  }

  /// 0 where a row may look, minus infinity where it may not: [1,G*T,T]
  public Tensor mask(int tokens, DType type) {
    try (var scope = Scope.open()) {
      var row = new float[tokens * tokens];
      for (int t = 0; t < tokens; t++) {
        Arrays.fill(row, t * tokens + t + 1, (t + 1) * tokens, Float.NEGATIVE_INFINITY);
      }
      int group = heads / kvHeads;
      var one = Tensor.of(row, 1, tokens, tokens).to(type);
      return scope.keep(
          one.expand(group, tokens, tokens).reshape(1, (long) group * tokens, tokens));
    }
  }

  /// Query rows [T,H*D] -> [KV,G*T,D]
  public Tensor grouped(Tensor rows) {
    long tokens = rows.size(0);
    return rows.view(tokens, heads, headDim)
        .transpose(0, 1)
        .reshape(kvHeads, heads / kvHeads * tokens, headDim);
  }

  /// [KV,G*T,D] -> [T,H*D]
  public Tensor ungrouped(Tensor groups) {
    long tokens = groups.size(1) / (heads / kvHeads);
    return groups
        .view(heads, tokens, headDim)
        .transpose(0, 1)
        .reshape(tokens, (long) heads * headDim);
  }

  /// Key or value rows [T,KV*D] -> [KV,T,D], a view
  public Tensor byHead(Tensor rows) {
    return rows.view(rows.size(0), kvHeads, headDim).transpose(0, 1);
  }
}
