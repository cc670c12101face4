package dev.luthier.engine.train.gradient;

import dev.luthier.engine.full.FullLayout;
import dev.luthier.engine.kernel.Fp32Rows;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.WeightName;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;
import java.util.List;
import java.util.function.ObjIntConsumer;

/// The gradients of all weights. A task sums 64 columns of a weight over all rows of the pack.
///
/// @param target the flat fp32 gradient
record FullPart(TiledPass pass, FullRoom room, FullLayout layout, long target)
    implements WeightSums {
  private record Blocks(int count, int width, ObjIntConsumer<Bench> sum) implements Tasks {
    /// A task for each 64 columns of `width`.
    Blocks(int width, ObjIntConsumer<Bench> sum) {
      this(TiledPass.blocks(width), width, sum);
    }

    @Override
    public void run(Bench bench, int index) {
      sum.accept(bench, index * Operand.BLOCK);
    }
  }

  @Override
  public void ready(
      Bench bench, int layer, InputGroup group, Rows dy, int matrix, int row, int count) {
    var all = dy.at(matrix, 0, 0);
    int end = Math.min(row + count, pass.pack.rows());
    for (int at = row; at < end; at += WeightGradient.GROUP) {
      int width = group.out(pass.config);
      WeightGradient.packLeftGroup(pass.pack.rows(), at, all, width, room.left(group));
    }
  }

  /// dW += dY^T X for the linears of a group, which read the same X.
  @Override
  public Tasks linears(int layer, InputGroup group, Strided x, Strided dy) {
    int in = group.in(pass.config);
    int out = group.out(pass.config);
    List<WeightGradient.Part> parts =
        group.linears().stream()
            .map(name -> {
              var slot = layout.slot(WeightName.of(layer, name));
              int first = group.column(pass.config, name);
              var gradient = new Strided(address(slot), in);
              return new WeightGradient.Part(room.left(group), out, first, slot.rows(), gradient);
            })
            .toList();
    return new Blocks(
        in,
        (bench, first) -> {
          int columns = Math.min(Operand.BLOCK, in - first);
          long right = room.right(bench.member);
          WeightGradient.packRight(pass.pack.rows(), x, first, columns, right);
          for (var part : parts) {
            WeightGradient.addMatrix(bench.space, pass.pack.rows(), right, first, columns, part);
          }
        });
  }

  private long address(FullLayout.Slot slot) {
    return target + 4 * slot.offset();
  }

  @Override
  public Tasks norm(int layer, int which, Rows x) {
    var name = which == 0 ? WeightName.attentionNorm(layer) : WeightName.mlpNorm(layer);
    var dy = pass.buffers.branch.at(0, 0);
    var from = x.at(layer, 0, 0);
    return norm(name, dy, from, pass.buffers.inverseRms(layer, which, 0), pass.pack.rows());
  }

  /// The sums of a norm's weight from gradients of its outputs, its inputs and their inverses.
  private Tasks norm(String name, Strided dy, Strided x, long inverseRms, int rows) {
    int hidden = pass.config.hiddenSize();
    long gradient = address(layout.slot(name));
    return new Blocks(
        hidden,
        (_, first) ->
            Norm.weightGradient(
                gradient + 4L * first,
                dy.address() + 2L * first,
                dy.stride(),
                x.address() + 2L * first,
                x.stride(),
                inverseRms,
                rows,
                Math.min(Operand.BLOCK, hidden - first)));
  }

  /// The rows' gradients, each to its token's.
  @Override
  public Tasks embedding() {
    int hidden = pass.config.hiddenSize();
    long gradient = address(layout.slot(WeightName.EMBEDDING));
    return new Blocks(
        hidden,
        (_, first) -> {
          int columns = Math.min(Operand.BLOCK, hidden - first);
          int[] tokens = pass.pack.tokens();
          for (int row = 0; row < tokens.length; row++) {
            long to = gradient + 4 * ((long) tokens[row] * hidden + first);
            Fp32Rows.addScaledBf16(to, pass.buffers.gradient.address(0, row, first), 1, columns);
          }
        });
  }

  // The head: at target rows only.

  Tasks lastNorm(Strided dNormed, Strided x, long inverseRms, int rows) {
    return norm(WeightName.FINAL_NORM, dNormed, x, inverseRms, rows);
  }

  /// Makes the normed rows ready, 64 columns a task.
  Tasks readyHead(Strided normed, int rows) {
    int hidden = pass.config.hiddenSize();
    return new Blocks(
        hidden,
        (_, first) ->
            WeightGradient.packRight(
                rows,
                normed,
                first,
                Math.min(Operand.BLOCK, hidden - first),
                room.headRight(first / Operand.BLOCK)));
  }

  /// Rows `first` to below `first + count` of the head's gradient += G^T times the normed rows, `g`
  /// being those columns of G.
  void head(Bench bench, Strided g, int rows, int first, int count) {
    int hidden = pass.config.hiddenSize();
    long head = address(layout.head());
    for (int at = 0; at < count; at += Operand.BLOCK) {
      int width = Math.min(Operand.BLOCK, count - at);
      var block = new Strided(g.address() + 2L * at, g.stride());
      long left = room.headLeft(bench.member);
      WeightGradient.packLeft(rows, block, width, left);
      var gradient = new Strided(head + 4L * (first + at) * hidden, hidden);
      var part = new WeightGradient.Part(left, width, 0, width, gradient);
      for (int column = 0; column < hidden; column += Operand.BLOCK) {
        int columns = Math.min(Operand.BLOCK, hidden - column);
        long right = room.headRight(column / Operand.BLOCK);
        WeightGradient.addMatrix(bench.space, rows, right, column, columns, part);
      }
    }
  }
}
