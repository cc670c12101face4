package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
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
/// Ranks are padded with zeros to a multiple of 16. The products with A of all adapted linears lie
/// side by side in rows of [#width] columns ("low" rows), those of a group next to one another.
final class TiledAdapter implements AutoCloseable {
  private static final int GRAIN = 16;

  /// One linear's pair; `column` is where its low columns begin. `up` is B^T [R,out], `upBack` is B
  /// [out,R].
  record Pair(LoraLayout.Slot slot, int column, Operand up, Operand upBack) {}

  /// A group's pairs in the order of its linears; `down` is their A^T side by side [in,sum of R],
  /// `downBack` their A below one another.
  record Group(List<Pair> pairs, int column, int width, Operand down, Operand downBack) {
    Group {
      pairs = List.copyOf(pairs);
    }
  }

  private final Memory memory = new Memory();
  private final LoraAdapter adapter;
  private final int rank;
  private final int width;
  private final List<Map<InputGroup, Group>> layers = new ArrayList<>();
  private final List<LoraLayout.Slot> slots;
  private final long[] staging;

  TiledAdapter(ModelConfig config, LoraAdapter adapter, int members) {
    this.adapter = adapter;
    this.slots = adapter.layout().slots();
    this.rank = (adapter.settings().rank() + GRAIN - 1) / GRAIN * GRAIN;
    this.width = rank * adapter.settings().targets().size();
    for (int layer = 0; layer < config.layers(); layer++) {
      layers.add(allocate(config, layer));
    }
    int widest = slots.stream().mapToInt(slot -> Math.max(slot.in(), slot.out())).max().orElse(0);
    staging = new long[members];
    for (int i = 0; i < members; i++) {
      staging[i] = memory.allocate(2L * widest * rank);
    }
  }

  private Map<InputGroup, Group> allocate(ModelConfig config, int layer) {
    var groups = new EnumMap<InputGroup, Group>(InputGroup.class);
    int column = 0;
    for (var group : InputGroup.values()) {
      var pairs = new ArrayList<Pair>();
      int first = column;
      for (var slot : slots) {
        if (slot.layer() == layer && group.linears().contains(slot.name())) {
          var up = Operand.allocate(memory, rank, slot.out());
          var upBack = Operand.allocate(memory, slot.out(), rank);
          pairs.add(new Pair(slot, column, up, upBack));
          column += rank;
        }
      }
      if (!pairs.isEmpty()) {
        int low = column - first;
        var down = Operand.allocate(memory, group.in(config), low);
        var downBack = Operand.allocate(memory, low, group.in(config));
        groups.put(group, new Group(pairs, first, low, down, downBack));
      }
    }
    return groups;
  }

  float scale() {
    return (float) adapter.settings().scale();
  }

  int rank() {
    return adapter.settings().rank();
  }

  /// Columns of a low row.
  int width() {
    return width;
  }

  /// A group's pairs; null where none of its linears is adapted.
  @Nullable Group group(int layer, InputGroup group) {
    return layers.get(layer).get(group);
  }

  @Nullable Pair pair(int layer, LinearName name) {
    var group = group(layer, InputGroup.of(name));
    if (group != null) {
      for (var pair : group.pairs()) {
        if (pair.slot().name() == name) {
          return pair;
        }
      }
    }
    return null;
  }

  /// Packs the masters anew.
  void refresh(Crew crew) {
    long masters = adapter.parameters().memory().address();
    crew.each(slots.size(), (member, i) -> pack(slots.get(i), masters, staging[member]));
  }

  private void pack(LoraLayout.Slot slot, long masters, long rows) {
    var group = Objects.requireNonNull(group(slot.layer(), InputGroup.of(slot.name())));
    var pair = Objects.requireNonNull(pair(slot.layer(), slot.name()));
    int r = slot.rank();
    int column = pair.column() - group.column();
    Bf16Rows.fromFp32(rows, slot.in(), masters + 4 * slot.offsetA(), slot.in(), r, slot.in());
    var a = new Strided(rows, slot.in());
    group.down().packTransposed(a, r, slot.in(), 0, column);
    group.downBack().packStraight(a, r, slot.in(), column, 0);
    Memory.segment(rows, 2L * slot.out() * rank).fill((byte) 0);
    Bf16Rows.fromFp32(rows, rank, masters + 4 * slot.offsetB(), r, slot.out(), r);
    var b = new Strided(rows, rank);
    pair.up().packTransposed(b, slot.out(), rank, 0, 0);
    pair.upBack().packStraight(b, slot.out(), rank, 0, 0);
  }

  @Override
  public void close() {
    memory.close();
  }
}
