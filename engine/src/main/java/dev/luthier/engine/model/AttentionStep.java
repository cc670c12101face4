package dev.luthier.engine.model;

import dev.luthier.engine.tensor.Tensor;

/// How the rows of a forward pass attend to one another: documents side by side while training,
/// sequences with their caches while decoding.
@FunctionalInterface
public interface AttentionStep {
  /// q [N,H*D], k and v [N,KV*D], q and k turned to their positions -> [N,H*D], in the innermost
  /// scope
  Tensor attend(int layer, Tensor q, Tensor k, Tensor v);
}
