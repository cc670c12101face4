package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.Rope;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.SwiGlu;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.train.gradient.AttentionTasks.KeySink;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A pack's way up through the layers.
///
/// Between two phases of the crew all rows stand at the same place. Within one, a task is a group
/// of rows where rows matter alone (norms, products with the thin A), a tile of rows and 64 columns
/// of a linear, or a head of a document. What a task computes depends on nothing but its place, so
/// the bits do not depend on who computes it.
final class TiledPass {
  /// What all passes of a source share.
  record Means(
      ModelConfig config,
      TiledWeights weights,
      @Nullable TiledAdapter adapter,
      TiledBuffers buffers,
      Crew crew) {}

  /// Columns of a linear that one task computes: whole heads where they are turned afterwards.
  record Unit(LinearName name, int first, int columns) {}

  final ModelConfig config;
  final TiledWeights weights;
  private final @Nullable TiledAdapter adapter;
  final TiledBuffers buffers;
  final Crew crew;
  final Pack pack;
  final Tiles tiles;
  final AttentionTasks attentionTasks;
  private final long number;
  private final List<Unit> attentionUnits;
  private final Map<InputGroup, Tiles.Grid> outputs = new EnumMap<>(InputGroup.class);
  private final Map<InputGroup, Tiles.Grid> inputs = new EnumMap<>(InputGroup.class);

  /// `number` tells passes apart.
  TiledPass(Means means, Pack pack, long number) {
    this.config = means.config();
    this.weights = means.weights();
    this.adapter = means.adapter();
    this.buffers = means.buffers();
    this.crew = means.crew();
    this.pack = pack;
    this.number = number;
    this.tiles = Tiles.over(pack.rows());
    this.attentionUnits = attentionUnits();
    for (var group : InputGroup.values()) {
      outputs.put(group, tiles.grid(outputBlocks(group), group.in(config)));
      inputs.put(group, tiles.grid(blocks(group.in(config)), group.out(config)));
    }
    this.attentionTasks = new AttentionTasks(config, pack, buffers.partials);
  }

  static int blocks(int columns) {
    return (columns + Operand.BLOCK - 1) / Operand.BLOCK;
  }

  private int outputBlocks(InputGroup group) {
    return switch (group) {
      case ATTENTION_IN -> attentionUnits.size();
      case MLP_IN -> blocks(config.intermediateSize()); // Gate and up in one task.
      case ATTENTION_OUT, MLP_OUT -> blocks(group.out(config));
    };
  }

  /// What computes a group's outputs is cut into.
  Tiles.Grid outputs(InputGroup group) {
    return Objects.requireNonNull(outputs.get(group));
  }

  /// What computes the gradient of a group's inputs is cut into.
  Tiles.Grid inputs(InputGroup group) {
    return Objects.requireNonNull(inputs.get(group));
  }

  private List<Unit> attentionUnits() {
    int width = config.headDim();
    while (width % Operand.BLOCK != 0) {
      width += config.headDim();
    }
    var units = new ArrayList<Unit>();
    for (var name : InputGroup.ATTENTION_IN.linears()) {
      int out = config.outFeatures(name);
      for (int first = 0; first < out; first += width) {
        units.add(new Unit(name, first, Math.min(width, out - first)));
      }
    }
    return List.copyOf(units);
  }

  Bench bench(int member) {
    return buffers.benches[member];
  }

  // The way up -----------------------------------------------------------------------------------

  /// Leaves the last layer's output in `buffers.x`, and what the way back needs.
  void forward() {
    enter();
    for (int layer = 0; layer < config.layers(); layer++) {
      forward(layer);
    }
  }

  private void enter() {
    long bytes = 2L * config.hiddenSize();
    int[] tokens = pack.tokens();
    for (int row = 0; row < tokens.length; row++) {
      var from = Memory.segment(weights.embedding + tokens[row] * bytes, bytes);
      MemorySegment.copy(from, 0, Memory.segment(buffers.x.address(0, row, 0), bytes), 0, bytes);
    }
    buffers.positions(pack.positions(), tiles.rows());
    buffers.x.clear(0, pack.rows(), tiles.rows());
    for (int layer = 0; layer < config.layers(); layer++) {
      buffers.attended.clear(layer, pack.rows(), tiles.rows());
    }
  }

  private void forward(int layer) {
    crew.each(tiles.groups(), (member, i) -> attentionInput(member, layer, i));
    int attentionIn = outputs(InputGroup.ATTENTION_IN).count();
    crew.each(attentionIn, (member, i) -> attentionTile(member, layer, i));
    var heads = attentionTasks.heads();
    crew.each(heads.size(), (member, i) -> attend(member, layer, heads.get(i)));
    low(layer, InputGroup.ATTENTION_OUT, buffers.attended, layer);
    int attentionOut = outputs(InputGroup.ATTENTION_OUT).count();
    crew.each(attentionOut, (member, i) -> attentionOutput(member, layer, i));
    crew.each(tiles.groups(), (member, i) -> mlpInput(member, layer, i));
    int mlpIn = outputs(InputGroup.MLP_IN).count();
    crew.each(mlpIn, (member, i) -> gateTile(member, layer, i));
    low(layer, InputGroup.MLP_OUT, buffers.product, 0);
    int mlpOut = outputs(InputGroup.MLP_OUT).count();
    crew.each(mlpOut, (member, i) -> mlpOutput(member, layer, i));
  }

  private void attentionInput(int member, int layer, int group) {
    int row = tiles.groupRow(group);
    int count = tiles.groupCount(group);
    norm(layer, 0, buffers.x, row, count);
    lowRows(bench(member), layer, InputGroup.ATTENTION_IN, buffers.normed, 0, row, count);
  }

  /// normed = norm of a layer's rows; the inverses stay.
  void norm(int layer, int which, Rows from, int row, int count) {
    var frozen = weights.layer(layer);
    Norm.forward(
        buffers.normed.address(0, row, 0),
        buffers.normed.stride(),
        buffers.inverseRms(layer, which, row),
        from.address(layer, row, 0),
        from.stride(),
        which == 0 ? frozen.attentionNorm : frozen.mlpNorm,
        count,
        config.hiddenSize(),
        (float) config.rmsNormEpsilon());
  }

  private void low(int layer, InputGroup group, Rows input, int matrix) {
    if (adapter != null && adapter.group(layer, group) != null) {
      crew.each(
          tiles.groups(),
          (member, i) ->
              lowRows(
                  bench(member),
                  layer,
                  group,
                  input,
                  matrix,
                  tiles.groupRow(i),
                  tiles.groupCount(i)));
    }
  }

  /// The low rows of a group, s X A^T, behind its inputs, and packed for the way back.
  private void lowRows(
      Bench bench, int layer, InputGroup group, Rows input, int matrix, int row, int count) {
    var pairs = adapter == null ? null : adapter.group(layer, group);
    if (adapter != null && pairs != null) {
      var x = input.at(matrix, row, 0);
      var low = input.at(matrix, row, group.in(config));
      Product.toBf16(
          bench.space, count, adapter.scale(), Strided.NONE, low, new Term(x, pairs.down()));
      var all = input.at(matrix, 0, group.in(config));
      packLeft(all, pairs.width(), row, count, buffers.lowLeft.get(layer), group);
    }
  }

  /// Packs a group's low rows as left factors of weight gradients.
  void packLeft(
      Strided low, int width, int row, int count, Map<InputGroup, Long> to, InputGroup group) {
    long place = Objects.requireNonNull(to.get(group));
    int end = Math.min(row + count, pack.rows());
    for (int at = row; at < end; at += WeightGradient.GROUP) {
      WeightGradient.packLeftGroup(pack.rows(), at, low, width, place);
    }
  }

  /// Columns `first` to `first + columns`, at most 64, of a linear: y = x W^T and, where it is
  /// adapted,
  /// + low B^T, the low rows behind x.
  private record Layer(LinearName name, int first, int columns, Strided y) {}

  /// Computes linears of one input.
  ///
  /// One product of both parts would be faster and lose less: rounded before the low-rank part is
  /// added, y does not feel changes smaller than its last place. But so computes PEFT in bf16, and
  /// so do the portable gradients: in the first steps their losses are up to 0.1 above those in
  /// fp32, where one product is within 0.01.
  private void linears(Bench bench, int layer, int count, Strided x, Layer... linears) {
    var adapted = new ArrayList<Product.Adapted>(linears.length);
    for (var linear : linears) {
      int in = config.inFeatures(linear.name());
      var all =
          weights.layer(layer).forward(linear.name()).columns(linear.first(), linear.columns());
      var base = new Term(x, all.depths(0, in));
      var group = adapter == null ? null : adapter.group(layer, InputGroup.of(linear.name()));
      if (group == null || !group.adapts(linear.name())) {
        Product.toBf16(bench.space, count, linear.y(), base);
        continue;
      }
      var low = new Strided(x.address() + 2L * in, x.stride());
      adapted.add(
          new Product.Adapted(linear.y(), base, new Term(low, all.depths(in, group.width()))));
    }
    Product.adapted(bench.space, count, adapted);
  }

  private void attentionTile(int member, int layer, int tile) {
    var grid = outputs(InputGroup.ATTENTION_IN);
    var unit = attentionUnits.get(grid.block(tile));
    int row = grid.row(tile);
    int count = tiles.tileCount(row);
    var x = buffers.normed.at(row, 0);
    int column = InputGroup.ATTENTION_IN.column(config, unit.name()) + unit.first();
    var y = buffers.qkv.at(layer, row, column);
    var bench = bench(member);
    for (int at = 0; at < unit.columns(); at += Operand.BLOCK) {
      int columns = Math.min(Operand.BLOCK, unit.columns() - at);
      var to = new Strided(y.address() + 2L * at, y.stride());
      linears(bench, layer, count, x, new Layer(unit.name(), unit.first() + at, columns, to));
    }
    if (unit.name() != LinearName.V_PROJ) {
      Rope.turn(
          y.address(),
          y.stride(),
          count,
          unit.columns() / config.headDim(),
          config.headDim(),
          weights.cos,
          weights.sin,
          buffers.positions + 4L * row);
    }
  }

  private void attend(int member, int layer, AttentionTasks.Head task) {
    var attention = bench(member).attention;
    handOver(task, layer, bench(member).keys, attention::keys);
    var own = task.document().own();
    int column = task.head() * config.headDim();
    attention.forward(
        task.document().prefix().length(),
        own.length(),
        buffers.qkv.at(layer, own.start(), column),
        buffers.attended.at(layer, own.start(), column),
        buffers.logSums(layer, task.head(), own.start()));
  }

  /// Hands over what a head reads, unless that is held.
  void handOver(AttentionTasks.Head task, int layer, AttentionTasks.Held held, KeySink sink) {
    if (held.changesTo((number * config.layers() + layer) << Integer.SIZE | task.keys())) {
      attentionTasks.handOver(task, buffers.qkv, layer, sink);
    }
  }

  private void attentionOutput(int member, int layer, int tile) {
    var grid = outputs(InputGroup.ATTENTION_OUT);
    var x = buffers.attended.at(layer, grid.row(tile), 0);
    addToStream(member, layer, LinearName.O_PROJ, grid, tile, x, buffers.x, buffers.middle, layer);
  }

  private void mlpOutput(int member, int layer, int tile) {
    var grid = outputs(InputGroup.MLP_OUT);
    var x = buffers.product.at(grid.row(tile), 0);
    var after = buffers.x;
    addToStream(
        member, layer, LinearName.DOWN_PROJ, grid, tile, x, buffers.middle, after, layer + 1);
  }

  private void addToStream(
      int member,
      int layer,
      LinearName name,
      Tiles.Grid grid,
      int tile,
      Strided x,
      Rows before,
      Rows after,
      int matrix) {
    int first = grid.block(tile) * Operand.BLOCK;
    int row = grid.row(tile);
    int columns = Math.min(Operand.BLOCK, config.hiddenSize() - first);
    int count = tiles.tileCount(row);
    var y = after.at(matrix, row, first);
    var residual = before.at(layer, row, first);
    linears(bench(member), layer, count, x, new Layer(name, first, columns, y));
    Bf16Rows.add(
        y.address(),
        y.stride(),
        residual.address(),
        residual.stride(),
        y.address(),
        y.stride(),
        count,
        columns);
  }

  private void mlpInput(int member, int layer, int group) {
    int row = tiles.groupRow(group);
    int count = tiles.groupCount(group);
    norm(layer, 1, buffers.middle, row, count);
    lowRows(bench(member), layer, InputGroup.MLP_IN, buffers.normed, 0, row, count);
  }

  /// A block of gate, the same of up, and their product while they are at hand.
  private void gateTile(int member, int layer, int tile) {
    int ffn = config.intermediateSize();
    var grid = outputs(InputGroup.MLP_IN);
    int block = grid.block(tile);
    int first = block * Operand.BLOCK;
    int columns = Math.min(Operand.BLOCK, ffn - first);
    int row = grid.row(tile);
    int count = tiles.tileCount(row);
    var x = buffers.normed.at(row, 0);
    var gate = buffers.gate(layer, block, row);
    var up = buffers.up(layer, block, row);
    var bench = bench(member);
    linears(
        bench,
        layer,
        count,
        x,
        new Layer(LinearName.GATE_PROJ, first, columns, gate),
        new Layer(LinearName.UP_PROJ, first, columns, up));
    var h = buffers.product.at(row, first);
    SwiGlu.forward(h, gate, up, count, columns);
  }
}
