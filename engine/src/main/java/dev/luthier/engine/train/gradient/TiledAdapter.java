package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Packing;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An adapter's matrices in bf16, packed for the matrix units, renewed from the fp32 masters once a
/// step.
///
/// Ranks are padded with zeros to a multiple of 16, and a group's together to one of 32. The
/// products with A of a group's adapted linears ("low" rows) lie side by side behind the group's
/// inputs: as B^T lies below W^T in the packed weights, X W^T + P B^T is one product. So do the
/// products with B behind the gradients of the outputs, and A below W.
final class TiledAdapter implements AutoCloseable {
  private static final int GRAIN = 16;

  /// Rows of weights that the matrix units take at a time: a product whose depth leaves half of
  /// them over takes twice the time.
  private static final int DEPTH = 32;

  /// One linear's pair; `column` is where its low columns begin within the group's. `upBack` is B
  /// [out,R].
  record Pair(LoraLayout.Slot slot, int column, Operand upBack) {}

  /// A group's pairs in the order of its linears; `down` is their A^T side by side [in,sum of R].
  record Group(List<Pair> pairs, int width, Operand down) {
    Group {
      pairs = List.copyOf(pairs);
    }

    boolean adapts(LinearName name) {
      return pairs.stream().anyMatch(pair -> pair.slot().name() == name);
    }
  }

  private final Memory memory = new Memory();
  private final LoraAdapter adapter;
  private final TiledWeights weights;
  private final int rank;
  private final List<Map<InputGroup, Group>> layers = new ArrayList<>();
  private final List<LoraLayout.Slot> slots;
  private final int widest;
  private final long[] staging;

  TiledAdapter(ModelConfig config, LoraAdapter adapter, TiledWeights weights, int members) {
    this.adapter = adapter;
    this.weights = weights;
    this.slots = adapter.layout().slots();
    this.rank = paddedRank(adapter.settings());
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(allocate(config, layer));
    }
    widest = slots.stream().mapToInt(slot -> Math.max(slot.in(), slot.out())).max().orElse(0);
    staging = new long[members];
    for (int i = 0; i < members; i++) {
      staging[i] = memory.allocate(2 * 2L * widest * rank);
    }
  }

  private static int paddedRank(LoraSettings settings) {
    return (settings.rank() + GRAIN - 1) / GRAIN * GRAIN;
  }

  /// Columns of a group's low rows; 0 where none of its linears is adapted.
  static int lowWidth(LoraSettings settings, InputGroup group) {
    long adapted = group.linears().stream().filter(settings.targets()::contains).count();
    return (paddedRank(settings) * (int) adapted + DEPTH - 1) / DEPTH * DEPTH;
  }

  private Map<InputGroup, Group> allocate(ModelConfig config, int layer) {
    var groups = new EnumMap<InputGroup, Group>(InputGroup.class);
    for (var group : InputGroup.values()) {
      var pairs = new ArrayList<Pair>();
      for (var slot : slots) {
        if (slot.layer() == layer && group.linears().contains(slot.name())) {
          var upBack = Operand.allocate(memory, slot.out(), rank);
          pairs.add(new Pair(slot, pairs.size() * rank, upBack));
        }
      }
      if (!pairs.isEmpty()) {
        int low = lowWidth(adapter.settings(), group);
        groups.put(group, new Group(pairs, low, Operand.allocate(memory, group.in(config), low)));
      }
    }
    return groups;
  }

  float scale() {
    return (float) adapter.settings().scale();
  }

  /// A group's pairs; null where none of its linears is adapted.
  @Nullable Group group(int layer, InputGroup group) {
    return layers.get(layer).get(group);
  }

  /// Packs the masters anew.
  void refresh(Crew crew) {
    long masters = adapter.parameters().memory().address();
    crew.each(slots.size(), (member, i) -> pack(slots.get(i), masters, staging[member]));
  }

  private void pack(LoraLayout.Slot slot, long masters, long staged) {
    var name = InputGroup.of(slot.name());
    var group = Objects.requireNonNull(group(slot.layer(), name));
    var pair = group.pairs().stream().filter(p -> p.slot().equals(slot)).findFirst().orElseThrow();
    var layer = weights.layer(slot.layer());
    int r = slot.rank();
    Bf16Rows.fromFp32(staged, slot.in(), masters + 4 * slot.offsetA(), slot.in(), r, slot.in());
    var a = new Strided(staged, slot.in());
    group.down().packTransposed(a, r, slot.in(), 0, pair.column());
    layer.backward(name).packStraight(a, r, slot.in(), layer.out(name) + pair.column(), 0);
    var b = transposed(slot, masters + 4 * slot.offsetB(), staged);
    layer.forward(slot.name()).packStraight(b, rank, slot.out(), slot.in() + pair.column(), 0);
    pair.upBack().packTransposed(b, rank, slot.out(), 0, 0);
  }

  /// B^T [R,out] in bf16, of which both orders are packed faster than of B.
  private Strided transposed(LoraLayout.Slot slot, long master, long staged) {
    int r = slot.rank();
    int out = slot.out();
    if (r == rank) {
      int all = out * r;
      Bf16Rows.fromFp32(staged, all, master, all, 1, all);
    } else {
      Memory.segment(staged, 2L * out * rank).fill((byte) 0);
      Bf16Rows.fromFp32(staged, rank, master, r, out, r);
    }
    long turned = staged + 2L * widest * rank;
    Packing.transpose16(staged, rank, out, rank, turned, out);
    return new Strided(turned, out);
  }

  @Override
  public void close() {
    memory.close();
  }
}
