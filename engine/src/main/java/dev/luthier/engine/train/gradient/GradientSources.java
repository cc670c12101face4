package dev.luthier.engine.train.gradient;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.llama.LlamaModel;

/// Which code computes a family's gradients: written by hand where there is one, else by LibTorch's
/// differentiation.
public final class GradientSources {
  private GradientSources() {}

  public static GradientSource of(Decoder model, LoraAdapter adapter, long seed) {
    return model instanceof LlamaModel llama
        ? new LlamaGradients(llama, adapter, seed)
        : new AutogradGradients(model, adapter, seed);
  }
}
