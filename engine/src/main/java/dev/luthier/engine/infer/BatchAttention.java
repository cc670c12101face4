package dev.luthier.engine.infer;

import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Attention of one pass over rows of several sequences: each sequence's rows see its own cache and
/// themselves. Nothing is padded, so a long neighbour costs a short sequence nothing.
final class BatchAttention implements AttentionStep {
  /// Rows [start, start + rows) of the pass continue the sequence of this cache.
  record Part(KeyValueCache cache, int start, int rows) {}

  private final ModelConfig config;
  private final List<Part> parts;
  // Made for the first layer and shared by the others; they belong to the pass's scope.
  private final Map<Part, Tensor> masks = new HashMap<>();

  /// Makes everything that layers share, in the innermost scope.
  BatchAttention(ModelConfig config, DType type, List<Part> parts) {
    this.config = config;
    this.parts = parts;
    for (Part part : parts) {
      if (part.rows() > 1 && part.cache().length() > 0) {
        masks.put(part, mask(part, type));
      }
    }
  }

  @Override
  public Tensor attend(int layer, Tensor q, Tensor k, Tensor v) {
    try (Scope scope = Scope.open()) {
      long rows = q.size(0);
      int width = config.heads() * config.headDim();
      Tensor queries = byHead(q, config.heads()); // (1, H, N, D)
      Tensor keys = byHead(k, config.kvHeads()); // (1, KV, N, D)
      Tensor values = byHead(v, config.kvHeads());
      if (parts.size() == 1) {
        return scope.keep(rows(attend(layer, parts.getFirst(), queries, keys, values)));
      }
      Tensor all = Tensor.empty(q.type(), rows, width);
      for (Part part : parts) {
        try (Scope _ = Scope.open()) {
          Tensor attended =
              attend(
                  layer,
                  part,
                  queries.narrow(2, part.start(), part.rows()),
                  keys.narrow(2, part.start(), part.rows()),
                  values.narrow(2, part.start(), part.rows()));
          all.narrow(0, part.start(), part.rows()).copyFrom(rows(attended));
        }
      }
      return scope.keep(all);
    }
  }

  /// q [1,H,n,D], k and v [1,KV,n,D] of one part -> [1,H,n,D]
  private Tensor attend(int layer, Part part, Tensor q, Tensor k, Tensor v) {
    KeyValueCache cache = part.cache();
    cache.write(layer, k, v);
    int seen = cache.length() + part.rows();
    Tensor keys = cache.keys(layer, seen);
    Tensor values = cache.values(layer, seen);
    Tensor mask = masks.get(part);
    return mask == null ? q.attend(keys, values, part.rows() > 1) : q.attend(keys, values, mask);
  }

  /// Row t of a prompt's later piece sees the cache and rows 0..t: [n, length + n]
  private static Tensor mask(Part part, DType type) {
    int length = part.cache().length();
    int seen = length + part.rows();
    float[] mask = new float[part.rows() * seen];
    for (int t = 0; t < part.rows(); t++) {
      Arrays.fill(mask, t * seen + length + t + 1, (t + 1) * seen, Float.NEGATIVE_INFINITY);
    }
    return Tensor.of(mask, part.rows(), seen).to(type);
  }

  /// [N,H*D] -> [1,H,N,D], a view
  private Tensor byHead(Tensor x, int heads) {
    return x.view(1, x.size(0), heads, config.headDim()).transpose(1, 2);
  }

  /// [1,H,n,D] -> [n,H*D]
  private static Tensor rows(Tensor x) {
    return x.transpose(1, 2).reshape(x.size(2), x.size(1) * x.size(3));
  }
}
