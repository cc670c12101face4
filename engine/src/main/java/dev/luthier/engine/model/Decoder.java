package dev.luthier.engine.model;

import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Tensor;

/// A decoder-only language model, opened; the same forward pass serves training and decoding.
/// Belongs to the thread that opened it.
public interface Decoder extends AutoCloseable {
  ModelConfig config();

  Precision precision();

  /// Token ids [N] at positions [N] -> the final norm's rows [N,h], in the innermost scope.
  Tensor hidden(Tensor tokens, Tensor positions, Projection projection, AttentionStep attention);

  /// Rows of the final norm [N,h] -> logits [N,V] in the compute type, in the innermost scope.
  Tensor logits(Tensor hidden);

  @Override
  void close();
}
