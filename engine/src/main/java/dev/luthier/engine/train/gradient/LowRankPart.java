package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import dev.luthier.engine.train.gradient.TiledBuffers.Rows;

/// The gradients of an adapter.
///
/// @param target the flat fp32 gradient
record LowRankPart(TiledPass pass, TiledAdapter adapter, long target) implements WeightSums {
  /// The low rows s dY B of a group, behind the gradients of its outputs, and packed for the sums.
  @Override
  public void ready(
      Bench bench, int layer, InputGroup group, Rows dy, int matrix, int row, int count) {
    var pairs = adapter.group(layer, group);
    if (pairs == null) {
      return;
    }
    int out = group.out(pass.config);
    for (var pair : pairs.pairs()) {
      int column = group.column(pass.config, pair.slot().name());
      Product.toBf16(
          bench.space,
          count,
          adapter.scale(),
          Strided.NONE,
          dy.at(matrix, row, out + pair.column()),
          new Term(dy.at(matrix, row, column), pair.upBack()));
    }
    var all = dy.at(matrix, 0, out);
    pass.packLeft(all, pairs.width(), row, count, pass.buffers.lowBackLeft, group);
  }

  @Override
  public Tasks linears(int layer, InputGroup group, Strided x, Strided dy) {
    return new LowRankSums(pass, adapter, layer, group, x, dy, target);
  }

  @Override
  public Tasks norm(int layer, int which, Rows x) {
    return Tasks.NONE;
  }

  @Override
  public Tasks embedding() {
    return Tasks.NONE;
  }
}
