package dev.luthier.engine.lora;

import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;

/// An adapter's master weights: one flat fp32 array, laid out by its [LoraLayout].
public final class LoraAdapter implements MasterWeights {
  private static final long INIT_STREAM = 1;

  private final LoraLayout layout;
  private final Scope owner = Scope.detached();
  private final Tensor parameters;

  private LoraAdapter(LoraLayout layout) {
    this.layout = layout;
    try (var _ = Scope.open()) {
      this.parameters = Tensor.zeros(DType.F32, layout.size()).moveTo(owner);
    }
  }

  /// All zeros; whoever makes it fills it.
  public static LoraAdapter blank(LoraLayout layout) {
    return new LoraAdapter(layout);
  }

  /// A fresh adapter, which changes nothing yet: A uniform within 1/sqrt(in) as PEFT draws it
  /// (Kaiming-uniform with a = sqrt 5), B zero. The same seed gives the same bits.
  public static LoraAdapter fresh(ModelConfig config, LoraSettings settings, long seed) {
    var adapter = new LoraAdapter(LoraLayout.of(config, settings));
    var random = new CounterRandom(seed, INIT_STREAM);
    var values = new float[Math.toIntExact(adapter.layout.size())];
    for (var slot : adapter.layout.slots()) {
      double bound = 1 / Math.sqrt(slot.in());
      for (long i = slot.offsetA(); i < slot.offsetB(); i++) {
        values[(int) i] = (float) ((2 * random.uniform(i) - 1) * bound);
      }
    }
    try (var _ = Scope.open()) {
      adapter.parameters.copyFrom(Tensor.of(values, values.length));
    }
    return adapter;
  }

  public LoraLayout layout() {
    return layout;
  }

  public LoraSettings settings() {
    return layout.settings();
  }

  @Override
  public Tensor parameters() {
    return parameters;
  }

  /// A PEFT folder.
  @Override
  public void write(Path folder, String baseName) throws IOException {
    PeftFolder.write(folder, this, baseName);
  }

  /// Copies in the compute type, in the innermost scope. They do not follow later changes.
  public LoraWeights weights(Precision precision) {
    return weightsOf(parameters.to(precision.dtype()));
  }

  /// Slices a flat array laid out like this adapter; the slices are views of it.
  public LoraWeights weightsOf(Tensor flat) {
    var pairs = new ArrayList<LoraWeights.Pair>();
    for (var slot : layout.slots()) {
      long lengthA = (long) slot.rank() * slot.in();
      long lengthB = (long) slot.out() * slot.rank();
      pairs.add(
          new LoraWeights.Pair(
              slot,
              flat.narrow(0, slot.offsetA(), lengthA).view(slot.rank(), slot.in()),
              flat.narrow(0, slot.offsetB(), lengthB).view(slot.out(), slot.rank())));
    }
    return LoraWeights.of(settings().scale(), pairs);
  }

  @Override
  public void close() {
    owner.close();
  }
}
