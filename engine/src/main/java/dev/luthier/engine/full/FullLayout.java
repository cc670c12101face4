package dev.luthier.engine.full;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.WeightName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Where each of a model's weights lies in one flat array: the embedding, the layers in order (a
/// norm before the linears it feeds), the last norm, and the head where it is not the embedding.
public final class FullLayout {
  /// A matrix [rows,columns], or a norm's weight [columns], whose `rows` is 1.
  public record Slot(String name, int rows, int columns, long offset) {
    public long elements() {
      return (long) rows * columns;
    }

    public long[] shape() {
      return name.endsWith("norm.weight") ? new long[] {columns} : new long[] {rows, columns};
    }
  }

  private final SequencedMap<String, Slot> slots = new LinkedHashMap<>();
  private long size;

  private FullLayout(ModelConfig config) {
    int hidden = config.hiddenSize();
    add(WeightName.EMBEDDING, config.vocabularySize(), hidden);
    for (int layer = 0; layer < config.layers(); layer++) {
      add(WeightName.attentionNorm(layer), 1, hidden);
      for (var name : LinearName.values()) {
        if (name == LinearName.GATE_PROJ) {
          add(WeightName.mlpNorm(layer), 1, hidden);
        }
        add(WeightName.of(layer, name), config.outFeatures(name), config.inFeatures(name));
      }
    }
    add(WeightName.FINAL_NORM, 1, hidden);
    if (!config.tiedEmbeddings()) {
      add(WeightName.HEAD, config.vocabularySize(), hidden);
    }
  }

  public static FullLayout of(ModelConfig config) {
    return new FullLayout(config);
  }

  private void add(String name, int rows, int columns) {
    var slot = new Slot(name, rows, columns, size);
    slots.put(name, slot);
    size += slot.elements();
  }

  /// All slots in the order of the array.
  public List<Slot> slots() {
    return List.copyOf(slots.values());
  }

  public Slot slot(String name) {
    var slot = slots.get(name);
    if (slot == null) {
      throw new IllegalArgumentException("the model has no weight " + name);
    }
    return slot;
  }

  /// The head's matrix: the embedding's where they are tied.
  public Slot head() {
    var own = slots.get(WeightName.HEAD);
    return own == null ? slot(WeightName.EMBEDDING) : own;
  }

  /// Elements of the array.
  public long size() {
    return size;
  }
}
