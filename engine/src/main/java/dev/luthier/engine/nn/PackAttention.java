package dev.luthier.engine.nn;

import dev.luthier.engine.tensor.Tensor;
import java.util.List;

/// Causal attention of documents that lie end to end, each to itself and to its prefix.
public interface PackAttention {
  /// The output rows [N,H*D], and what the backward pass wants back.
  record Attended(Tensor rows, List<Tensor> kept) {
    public Attended {
      kept = List.copyOf(kept);
    }
  }

  /// q [N,H*D], k and v [N,KV*D]
  Attended forward(Tensor q, Tensor k, Tensor v);

  /// The gradients of the inputs from that of the output rows.
  CausalAttention.InputGradients backward(
      Tensor q, Tensor k, Tensor v, Attended attended, Tensor dOut);
}
