package dev.luthier.engine.train;

import dev.luthier.engine.lora.LoraSettings;

/// What of a model is trained.
public sealed interface TrainingMethod {
  /// Low-rank matrices beside its linears; the model itself stays as it is.
  record Lora(LoraSettings settings) implements TrainingMethod {}

  /// All of its weights, the embedding and the norms included.
  record FullWeights() implements TrainingMethod {}
}
