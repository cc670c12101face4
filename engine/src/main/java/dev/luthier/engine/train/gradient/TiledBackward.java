package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.AttentionGradient;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.Rope;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.SwiGlu;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;
import dev.luthier.engine.train.gradient.WeightSums.Tasks;

/// A pack's way back down: from the gradient of the last layer's output to those of what is
/// trained.
///
/// Gradients of weights are sums over all rows of the pack, in their order ([WeightSums]). They
/// share phases with tiles of the input gradients, so that they wait for nobody.
final class TiledBackward {
  private final TiledPass pass;
  private final ModelConfig config;
  private final TiledBuffers buffers;
  private final Tiles tiles;
  private final WeightSums trained;

  TiledBackward(TiledPass pass, WeightSums trained) {
    this.pass = pass;
    this.config = pass.config;
    this.buffers = pass.buffers;
    this.tiles = pass.tiles;
    this.trained = trained;
  }

  /// Expects the gradient of the last layer's output in `buffers.gradient`.
  void run() {
    buffers.dQkv.clear(0, pass.pack.rows(), tiles.rows());
    for (int layer = config.layers() - 1; layer >= 0; layer--) {
      backward(layer);
    }
    var embedding = trained.embedding();
    pass.crew.each(embedding.count(), (member, i) -> embedding.run(pass.bench(member), i));
  }

  private void backward(int layer) {
    var crew = pass.crew;
    crew.each(tiles.groups(), (member, i) -> mlpOutputRows(member, layer, i));
    int gates = pass.inputs(InputGroup.MLP_OUT).count();
    crew.each(gates, (member, i) -> gateTile(member, layer, i));
    crew.each(tiles.groups(), (member, i) -> mlpInputRows(member, layer, i));
    down(
        layer,
        InputGroup.MLP_IN,
        buffers.dGateUp,
        buffers.branch,
        sums(layer, InputGroup.MLP_OUT, buffers.product, 0, buffers.gradient, 0),
        sums(layer, InputGroup.MLP_IN, buffers.normed, 0, buffers.dGateUp, 0));
    var mlpNorm = trained.norm(layer, 1, buffers.middle);
    rows(mlpNorm, (member, i) -> attentionOutputRows(member, layer, i));
    down(
        layer,
        InputGroup.ATTENTION_OUT,
        buffers.gradient,
        buffers.dAttended,
        sums(layer, InputGroup.ATTENTION_OUT, buffers.attended, layer, buffers.gradient, 0));
    var heads = pass.attentionTasks.heads();
    crew.each(heads.size(), (member, i) -> attention(member, layer, heads.get(i)));
    var pieces = pass.attentionTasks.pieces();
    crew.each(pieces.size(), (_, i) -> keys(pieces.get(i)));
    crew.each(tiles.groups(), (member, i) -> attentionInputRows(member, layer, i));
    var sums = sums(layer, InputGroup.ATTENTION_IN, buffers.normed, 0, buffers.dQkv, 0);
    if (layer == 0 && trained.embedding().count() == 0) { // Nothing below is trained.
      crew.each(sums.count(), (member, i) -> sums.run(pass.bench(member), i));
      return;
    }
    down(layer, InputGroup.ATTENTION_IN, buffers.dQkv, buffers.branch, sums);
    var attentionNorm = trained.norm(layer, 0, buffers.x);
    rows(attentionNorm, (_, i) -> throughNorm(layer, 0, buffers.x, i));
  }

  private Tasks sums(int layer, InputGroup group, Rows x, int xMatrix, Rows dy, int dyMatrix) {
    return trained.linears(layer, group, x.at(xMatrix, 0, 0), dy.at(dyMatrix, 0, 0));
  }

  /// One phase over groups of rows; beside it sums that need no more than is there.
  private void rows(Tasks sums, Crew.Task group) {
    pass.crew.each(
        tiles.groups() + sums.count(),
        (member, i) -> {
          if (i < tiles.groups()) {
            group.run(member, i);
          } else {
            sums.run(pass.bench(member), i - tiles.groups());
          }
        });
  }

  /// One phase: dx = dy W of a group, and where low rows lie behind dy + (s dy B) A; beside it sums
  /// that need no more than is there.
  private void down(int layer, InputGroup group, Rows dy, Rows dx, Tasks... sums) {
    var grid = pass.inputs(group);
    int products = grid.count();
    int all = products;
    for (var sum : sums) {
      all += sum.count();
    }
    pass.crew.each(
        all,
        (member, i) -> {
          if (i < products) {
            int first = grid.block(i) * Operand.BLOCK;
            int row = grid.row(i);
            int columns = Math.min(Operand.BLOCK, group.in(config) - first);
            var from = dy.at(row, 0);
            unproject(
                pass.bench(member), layer, group, first, columns, row, from, dx.at(row, first));
            return;
          }
          int at = i - products;
          for (var sum : sums) {
            if (at < sum.count()) {
              sum.run(pass.bench(member), at);
              return;
            }
            at -= sum.count();
          }
        });
  }

  private void unproject(
      Bench bench,
      int layer,
      InputGroup group,
      int first,
      int columns,
      int row,
      Strided dy,
      Strided dx) {
    var weights = pass.weights.layer(layer).backward(group).columns(first, columns);
    Product.toBf16(bench.space, tiles.tileCount(row), dx, new Term(dy, weights));
  }

  private void mlpOutputRows(int member, int layer, int group) {
    int row = tiles.groupRow(group);
    int count = tiles.groupCount(group);
    pass.norm(layer, 1, buffers.middle, row, count); // Not kept on the way up.
    trained.ready(pass.bench(member), layer, InputGroup.MLP_OUT, buffers.gradient, 0, row, count);
  }

  /// The gradient of a block of silu(gate) * up, and at once those of gate and up, where they stay
  /// within reach: only what is kept for all layers lies far away.
  private void gateTile(int member, int layer, int tile) {
    int ffn = config.intermediateSize();
    var grid = pass.inputs(InputGroup.MLP_OUT);
    int block = grid.block(tile);
    int first = block * Operand.BLOCK;
    int columns = Math.min(Operand.BLOCK, ffn - first);
    int row = grid.row(tile);
    var bench = pass.bench(member);
    var dProduct = new Strided(bench.tile, Operand.BLOCK);
    var dy = buffers.gradient.at(row, 0);
    unproject(bench, layer, InputGroup.MLP_OUT, first, columns, row, dy, dProduct);
    var gate = buffers.gate(layer, block, row);
    var up = buffers.up(layer, block, row);
    var h = buffers.product.at(row, first);
    var dGate = buffers.dGateUp.at(row, first);
    var dUp = buffers.dGateUp.at(row, ffn + first);
    SwiGlu.backward(h, dGate, dUp, dProduct, gate, up, tiles.tileCount(row), columns);
  }

  private void mlpInputRows(int member, int layer, int group) {
    trained.ready(
        pass.bench(member),
        layer,
        InputGroup.MLP_IN,
        buffers.dGateUp,
        0,
        tiles.groupRow(group),
        tiles.groupCount(group));
  }

  private void attentionOutputRows(int member, int layer, int group) {
    throughNorm(layer, 1, buffers.middle, group);
    int row = tiles.groupRow(group);
    int count = tiles.groupCount(group);
    pass.norm(layer, 0, buffers.x, row, count);
    trained.ready(
        pass.bench(member), layer, InputGroup.ATTENTION_OUT, buffers.gradient, 0, row, count);
  }

  /// gradient += the gradient through a norm of `branch`
  private void throughNorm(int layer, int which, Rows x, int group) {
    int row = tiles.groupRow(group);
    var frozen = pass.weights.layer(layer);
    int hidden = config.hiddenSize();
    Norm.backward(
        buffers.gradient.address(0, row, 0),
        buffers.gradient.stride(),
        buffers.branch.address(0, row, 0),
        buffers.branch.stride(),
        x.address(layer, row, 0),
        x.stride(),
        buffers.inverseRms(layer, which, row),
        which == 0 ? frozen.attentionNorm : frozen.mlpNorm,
        tiles.groupCount(group),
        hidden);
  }

  private void attention(int member, int layer, AttentionTasks.Head task) {
    var attention = pass.bench(member).attentionGradient;
    pass.handOver(task, layer, pass.bench(member).gradientKeys, attention::keys);
    var own = task.document().own();
    int column = task.head() * config.headDim();
    var dq = buffers.dQkv.at(own.start(), column);
    attention.head(
        task.document().prefix().length(),
        own.length(),
        buffers.qkv.at(layer, own.start(), column),
        buffers.attended.at(layer, own.start(), column),
        buffers.dAttended.at(own.start(), column),
        buffers.logSums(layer, task.head(), own.start()),
        dq,
        task.partial());
    turnBack(dq, own.start(), own.length());
  }

  /// Adds the shares of all heads that read the same keys, document by document.
  private void keys(AttentionTasks.Piece piece) {
    var first = piece.first();
    var document = first.document();
    int group = pass.attentionTasks.group();
    int headDim = config.headDim();
    int at = document.prefix().length() + piece.at();
    for (var other : piece.others()) {
      AttentionGradient.add(
          other.document().keys(),
          headDim,
          group,
          other.partial(),
          at,
          piece.count(),
          document.keys(),
          first.partial());
    }
    int row = document.own().start() + piece.at();
    var dk = buffers.dQkv.at(row, pass.attentionTasks.keyColumn(first));
    var dv = buffers.dQkv.at(row, pass.attentionTasks.valueColumn(first));
    AttentionGradient.sum(
        document.keys(), headDim, group, first.partial(), at, piece.count(), dk, dv);
    turnBack(dk, row, piece.count());
  }

  private void turnBack(Strided rows, int start, int count) {
    Rope.turnBack(
        rows.address(),
        rows.stride(),
        count,
        1,
        config.headDim(),
        pass.weights.cos,
        pass.weights.sin,
        buffers.positions + 4L * start);
  }

  private void attentionInputRows(int member, int layer, int group) {
    trained.ready(
        pass.bench(member),
        layer,
        InputGroup.ATTENTION_IN,
        buffers.dQkv,
        0,
        tiles.groupRow(group),
        tiles.groupCount(group));
  }
}
