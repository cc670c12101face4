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
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// An adapter's matrices, packed twice. For prompts in bf16: of the linears that share an input one
/// operand of all their A, and for each a B that holds the scale already; their rank is padded to
/// an even number by zeros, which change no sum. For the single rows of answers in bytes, since
/// eight answers with eight adapters would else read more of adapters than of the base.
final class PackedAdapter implements BatchModel.Adapter {
  /// One linear: columns of the result from `firstColumn` on, from the columns of P at `at`.
  record Expansion(Operand b, int firstColumn, int at) {}

  /// The adapter at one group of linears: P = X `shrink` [in, sum of ranks], then the expansions;
  /// and both in bytes.
  record Pairs(Operand shrink, List<Expansion> expansions, LowRankBytes bytes) {
    Pairs {
      expansions = List.copyOf(expansions);
    }
  }

  /// The pairs of a layer, no lookup away: each row of an answer asks for all of them, far from any
  /// cache.
  private record Layer(
      @Nullable Pairs attentionIn,
      @Nullable Pairs attentionOut,
      @Nullable Pairs mlpIn,
      @Nullable Pairs mlpOut) {
    @Nullable Pairs at(InputGroup group) {
      return switch (group) {
        case ATTENTION_IN -> attentionIn;
        case ATTENTION_OUT -> attentionOut;
        case MLP_IN -> mlpIn;
        case MLP_OUT -> mlpOut;
      };
    }
  }

  private final Memory memory = new Memory();

  private final List<Layer> layers = new ArrayList<>();

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
    return Optional.ofNullable(layers.get(layer).at(group));
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
                  .collect(
                      Collectors.groupingBy(
                          slot -> List.of(slot.layer(), InputGroup.of(slot.name()))))
                  .values()
                  .stream()
                  .mapToLong(this::bytes)
                  .sum());
    }

    Layer layer(int layer) {
      return new Layer(
          pairs(layer, InputGroup.ATTENTION_IN),
          pairs(layer, InputGroup.ATTENTION_OUT),
          pairs(layer, InputGroup.MLP_IN),
          pairs(layer, InputGroup.MLP_OUT));
    }

    private @Nullable Pairs pairs(int layer, InputGroup group) {
      List<LoraLayout.Slot> slots =
          layout.slots().stream()
              .filter(slot -> slot.layer() == layer && InputGroup.of(slot.name()) == group)
              .toList();
      return slots.isEmpty() ? null : pairs(group, slots);
    }

    private long bytes(List<LoraLayout.Slot> slots) {
      int[] outs = slots.stream().mapToInt(LoraLayout.Slot::out).toArray();
      return LowRankBytes.bytes(rank, slots.getFirst().in(), outs);
    }

    private Pairs pairs(InputGroup group, List<LoraLayout.Slot> slots) {
      Operand shrink = Operand.allocate(memory, slots.getFirst().in(), slots.size() * padded);
      List<Expansion> expansions = new ArrayList<>();
      List<LowRankBytes.Pair> pairs = new ArrayList<>();
      for (LoraLayout.Slot slot : slots) {
        int at = expansions.size() * padded;
        packA(slot, shrink, at);
        expansions.add(new Expansion(packedB(slot), group.column(config, slot.name()), at));
        MemorySegment a = floats(slot.offsetA(), rank * slot.in());
        pairs.add(new LowRankBytes.Pair(a, floats(slot.offsetB(), slot.out() * rank)));
      }
      float scale = (float) layout.settings().scale();
      LowRankBytes bytes = LowRankBytes.pack(place, pairs, rank, scale);
      place += bytes(slots);
      return new Pairs(shrink, expansions, bytes);
    }

    private void packA(LoraLayout.Slot slot, Operand shrink, int at) {
      long from = parameters + slot.offsetA() * Float.BYTES;
      Bf16Rows.fromFp32(scratch, slot.in(), from, slot.in(), rank, slot.in());
      shrink.packTransposed(new Strided(scratch, slot.in()), rank, slot.in(), 0, at);
    }

    private MemorySegment floats(long offset, int count) {
      return Memory.segment(parameters + offset * Float.BYTES, (long) count * Float.BYTES);
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
