package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;

/// Which code computes a family's gradients: on matrix units where machine, model and adapter allow
/// it (an adapter with dropout does not), else written by hand on LibTorch's operations, else by
/// LibTorch's differentiation.
public final class GradientSources {
  private GradientSources() {}

  /// The crew works for the source as long as that is open; it stays the caller's.
  public static GradientSource of(Decoder model, LoraAdapter adapter, long seed, Crew crew) {
    if (!(model instanceof LlamaModel llama)) {
      return new AutogradGradients(model, adapter, seed);
    }
    return Device.current() == DeviceClass.CPU && TiledGradients.fits(llama, adapter)
        ? new TiledGradients(llama, adapter, crew)
        : new LlamaGradients(llama, adapter, seed, FrozenProducts.of(llama, crew));
  }

  /// For all weights: on matrix units, else by LibTorch's differentiation.
  public static GradientSource of(LlamaModel model, FullWeights weights, Crew crew) {
    return Device.current() == DeviceClass.CPU && TiledGradients.fits(model)
        ? new TiledGradients(model, weights, crew)
        : new AutogradGradients(model, weights);
  }
}
