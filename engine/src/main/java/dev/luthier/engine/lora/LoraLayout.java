package dev.luthier.engine.lora;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.ModelException;
import java.util.ArrayList;
import java.util.List;

/// Where each matrix of an adapter lies in one flat array: layers in order, linears in the order of
/// [LinearName], A before B. The optimizer sees only the array.
public record LoraLayout(LoraSettings settings, List<Slot> slots, long size) {
  /// One linear's pair: A [rank,in] at `offsetA`, B [out,rank] at `offsetB`.
  public record Slot(
      int layer, LinearName name, int rank, int in, int out, long offsetA, long offsetB) {
    /// The name under which PEFT keeps A or B.
    public String key(String which) {
      return "base_model.model.%s.lora_%s.weight".formatted(name.path(layer), which);
    }
  }

  public LoraLayout {
    slots = List.copyOf(slots);
  }

  public static LoraLayout of(ModelConfig config, LoraSettings settings) {
    var slots = new ArrayList<Slot>();
    long offset = 0;
    int rank = settings.rank();
    for (int layer = 0; layer < config.layers(); layer++) {
      for (var name : LinearName.values()) {
        if (!settings.targets().contains(name)) {
          continue;
        }
        int in = config.inFeatures(name);
        int out = config.outFeatures(name);
        if (rank > Math.min(in, out)) {
          throw new ModelException(
              "rank %d exceeds the %d x %d of %s".formatted(rank, out, in, name.path(layer)));
        }
        long offsetB = offset + (long) rank * in;
        slots.add(new Slot(layer, name, rank, in, out, offset, offsetB));
        offset = offsetB + (long) out * rank;
      }
    }
    return new LoraLayout(settings, slots, offset);
  }
}
