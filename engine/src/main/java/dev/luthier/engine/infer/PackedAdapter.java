package dev.luthier.engine.infer;

import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.LowRankBytes;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// An adapter's matrices, packed twice. For prompts in bf16: of the linears that share an input one
/// operand of all their A, and for each a B that holds the scale already; their rank is padded to
/// an even number by zeros, which change no sum. For the single rows of answers in bytes, since
/// eight answers with eight adapters would else read more of adapters than of the base.
final class PackedAdapter implements BatchModel.Adapter {
  /// One linear: columns of the result from `firstColumn` on, from the columns of P at `at`.
  record Expansion(Operand b, LowRankBytes bytes, int firstColumn, int at) {}

  /// The adapter at one group of linears: P = X `shrink` [in, sum of ranks], then the expansions.
  record Pairs(Operand shrink, List<Expansion> expansions) {
    Pairs {
      expansions = List.copyOf(expansions);
    }
  }

  private final Memory memory = new Memory();

  private final List<Map<InputGroup, Pairs>> layers = new ArrayList<>();

  private final Consumer<PackedAdapter> whenClosed;

  private PackedAdapter(Consumer<PackedAdapter> whenClosed) {
    this.whenClosed = whenClosed;
  }

  /// Reads a PEFT folder for a base of this shape. Tells `whenClosed` at its end.
  static PackedAdapter read(Path folder, ModelConfig config, Consumer<PackedAdapter> whenClosed)
      throws IOException {
    var packed = new PackedAdapter(whenClosed);
    try (LoraAdapter adapter = PeftFolder.read(folder, config);
        Memory scratch = new Memory()) {
      long from = adapter.parameters().memory().address();
      Packer packer = new Packer(packed.memory, adapter.layout(), config, from, scratch);
      for (int layer = 0; layer < config.layers(); layer++) {
        packed.layers.add(packer.layer(layer));
      }
      return packed;
    } catch (IOException | RuntimeException e) {
      packed.close();
      throw e;
    }
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

  /// Turns the fp32 matrices of an adapter into operands.
  private static final class Packer {
    private final Memory memory;
    private final LoraLayout layout;
    private final ModelConfig config;
    private final long parameters;
    private final long scratch;
    private final int rank;
    private long place;
    private final int padded;

    Packer(Memory memory, LoraLayout layout, ModelConfig config, long parameters, Memory scratch) {
      this.memory = memory;
      this.layout = layout;
      this.config = config;
      this.parameters = parameters;
      this.rank = layout.settings().rank();
      this.padded = rank + rank % 2;
      long widest =
          layout.slots().stream().mapToInt(slot -> Math.max(slot.in(), slot.out())).max().orElse(0);
      this.scratch = scratch.allocate(widest * padded * Short.BYTES);
      // In one block, so that it lies on large pages.
      this.place =
          memory.allocate(
              layout.slots().stream()
                  .mapToLong(slot ->
                      LowRankBytes.bytesOfA(rank, slot.in())
                          + LowRankBytes.bytesOfB(rank, slot.out()))
                  .sum());
    }

    Map<InputGroup, Pairs> layer(int layer) {
      Map<InputGroup, Pairs> pairs = new EnumMap<>(InputGroup.class);
      for (InputGroup group : InputGroup.values()) {
        List<LoraLayout.Slot> slots =
            layout.slots().stream()
                .filter(slot -> slot.layer() == layer && InputGroup.of(slot.name()) == group)
                .toList();
        if (!slots.isEmpty()) {
          pairs.put(group, pairs(group, slots));
        }
      }
      return pairs;
    }

    private Pairs pairs(InputGroup group, List<LoraLayout.Slot> slots) {
      Operand shrink = Operand.allocate(memory, slots.getFirst().in(), slots.size() * padded);
      List<Expansion> expansions = new ArrayList<>();
      // A row goes through all A at one stretch, so they lie one after the other.
      long bytesOfA = LowRankBytes.bytesOfA(rank, slots.getFirst().in());
      long toA = place;
      place += slots.size() * bytesOfA;
      for (LoraLayout.Slot slot : slots) {
        int at = expansions.size() * padded;
        packA(slot, shrink, at);
        expansions.add(
            new Expansion(packedB(slot), bytes(slot, toA), group.column(config, slot.name()), at));
        toA += bytesOfA;
      }
      return new Pairs(shrink, expansions);
    }

    private void packA(LoraLayout.Slot slot, Operand shrink, int at) {
      long from = parameters + slot.offsetA() * Float.BYTES;
      Bf16Rows.fromFp32(scratch, slot.in(), from, slot.in(), rank, slot.in());
      shrink.packTransposed(new Strided(scratch, slot.in()), rank, slot.in(), 0, at);
    }

    private LowRankBytes bytes(LoraLayout.Slot slot, long toA) {
      float[] a = floats(slot.offsetA(), rank * slot.in());
      float[] b = floats(slot.offsetB(), slot.out() * rank);
      long toB = place;
      place += LowRankBytes.bytesOfB(rank, slot.out());
      return LowRankBytes.pack(toA, toB, a, b, rank, (float) layout.settings().scale());
    }

    private float[] floats(long offset, int count) {
      return Memory.segment(parameters + offset * Float.BYTES, (long) count * Float.BYTES)
          .toArray(ValueLayout.JAVA_FLOAT);
    }

    private Operand packedB(LoraLayout.Slot slot) {
      Operand b = Operand.allocate(memory, padded, slot.out());
      Memory.segment(scratch, (long) slot.out() * padded * Short.BYTES).fill((byte) 0);
      long from = parameters + slot.offsetB() * Float.BYTES;
      float scale = (float) layout.settings().scale();
      Bf16Rows.fromFp32Scaled(scratch, padded, from, rank, scale, slot.out(), rank);
      b.packTransposed(new Strided(scratch, padded), slot.out(), padded, 0, 0);
      return b;
    }
  }
}
