package dev.luthier.engine.infer;

import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.StripOperand;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// An adapter's matrices in bytes: of the linears that share an input one operand of all their A,
/// and for each a B that holds the scale already.
final class VectorAdapter implements BatchModel.Adapter {
  /// One linear: channels of the result from `firstChannel` on, from the columns of P at `at`.
  record Expansion(StripOperand b, int firstChannel, int at) {}

  /// The adapter at one group of linears: P = X `shrink`, then the expansions.
  record Pairs(StripOperand shrink, List<Expansion> expansions) {
    Pairs {
      expansions = List.copyOf(expansions);
    }
  }

  private final Memory memory = new Memory();
  private final List<Map<InputGroup, Pairs>> layers = new ArrayList<>();
  private final Consumer<VectorAdapter> whenClosed;

  private VectorAdapter(Consumer<VectorAdapter> whenClosed) {
    this.whenClosed = whenClosed;
  }

  /// Reads a PEFT folder for a base of this shape. Tells `whenClosed` at its end.
  static VectorAdapter read(Path folder, ModelConfig config, Consumer<VectorAdapter> whenClosed)
      throws IOException {
    var packed = new VectorAdapter(whenClosed);
    try (LoraAdapter adapter = PeftFolder.read(folder, config)) {
      long parameters = adapter.parameters().memory().address();
      for (int layer = 0; layer < config.layers(); layer++) {
        Map<InputGroup, Pairs> groups = new EnumMap<>(InputGroup.class);
        for (InputGroup group : InputGroup.values()) {
          List<LoraLayout.Slot> slots = slots(adapter.layout(), layer, group);
          if (!slots.isEmpty()) {
            float scale = (float) adapter.settings().scale();
            groups.put(group, packed.pairs(config, group, slots, parameters, scale));
          }
        }
        packed.layers.add(groups);
      }
      return packed;
    } catch (IOException | RuntimeException e) {
      packed.close();
      throw e;
    }
  }

  private static List<LoraLayout.Slot> slots(LoraLayout layout, int layer, InputGroup group) {
    return layout.slots().stream()
        .filter(slot -> slot.layer() == layer && InputGroup.of(slot.name()) == group)
        .toList();
  }

  private Pairs pairs(
      ModelConfig config,
      InputGroup group,
      List<LoraLayout.Slot> slots,
      long parameters,
      float scale) {
    int rank = slots.getFirst().rank();
    int in = slots.getFirst().in();
    StripOperand shrink = StripOperand.allocate(memory, slots.size() * rank, in);
    List<Expansion> expansions = new ArrayList<>();
    for (LoraLayout.Slot slot : slots) {
      int at = expansions.size() * rank;
      shrink.packFp32(new Strided(parameters + slot.offsetA() * Float.BYTES, in), 1, rank, at);
      StripOperand b = StripOperand.allocate(memory, slot.out(), rank);
      var from = new Strided(parameters + slot.offsetB() * Float.BYTES, rank);
      b.packFp32(from, scale, slot.out(), 0);
      expansions.add(new Expansion(b, group.column(config, slot.name()), at));
    }
    return new Pairs(shrink, expansions);
  }

  /// What the adapter adds at a group of linears; empty where it attaches to none of them.
  Optional<Pairs> at(int layer, InputGroup group) {
    return Optional.ofNullable(layers.get(layer).get(group));
  }

  @Override
  public void close() {
    whenClosed.accept(this);
    memory.close();
  }
}
