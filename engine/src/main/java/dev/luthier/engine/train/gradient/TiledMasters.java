package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullLayout;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.WeightName;
import java.util.ArrayList;
import java.util.List;

/// Renews packed weights from fp32 masters, once a step: strips of 64 rows are rounded and packed
/// both ways while they are in the cache.
final class TiledMasters implements AutoCloseable {
  private interface Strip {
    void pack(long masters, long staging);
  }

  private final Memory memory = new Memory();
  private final ModelConfig config;
  private final FullWeights full;
  private final TiledWeights weights;
  private final List<Strip> strips = new ArrayList<>();
  private final long[] staging;

  TiledMasters(ModelConfig config, FullWeights full, TiledWeights weights, int members) {
    this.config = config;
    this.full = full;
    this.weights = weights;
    embedding();
    for (int layer = 0; layer < config.layers(); layer++) {
      var packed = weights.layer(layer);
      norm(WeightName.attentionNorm(layer), packed.attentionNorm);
      norm(WeightName.mlpNorm(layer), packed.mlpNorm);
      for (var name : LinearName.values()) {
        linear(packed, name, full.layout().slot(WeightName.of(layer, name)));
      }
    }
    norm(WeightName.FINAL_NORM, weights.finalNorm);
    int widest = full.layout().slots().stream().mapToInt(FullLayout.Slot::columns).max().orElse(0);
    staging = new long[members];
    for (int i = 0; i < members; i++) {
      staging[i] = memory.allocate(2L * Operand.BLOCK * widest);
    }
  }

  private void norm(String name, long to) {
    var slot = full.layout().slot(name);
    strips.add((masters, _) -> round(masters, slot, 0, 1, to));
  }

  private static void round(long masters, FullLayout.Slot slot, int row, int count, long to) {
    int columns = slot.columns();
    long from = masters + 4 * (slot.offset() + (long) row * columns);
    int all = count * columns;
    Bf16Rows.fromFp32(to, all, from, all, 1, all);
  }

  private void linear(TiledWeights.Layer layer, LinearName name, FullLayout.Slot slot) {
    var group = InputGroup.of(name);
    var forward = layer.forward(name);
    var backward = layer.backward(group);
    int column = group.column(config, name);
    int in = slot.columns();
    strips(
        slot,
        (masters, staged, row, count) -> {
          round(masters, slot, row, count, staged);
          var rows = new Strided(staged, in);
          forward.packTransposed(rows, count, in, 0, row);
          backward.packStraight(rows, count, in, column + row, 0);
        });
  }

  private void embedding() {
    var slot = full.layout().slot(WeightName.EMBEDDING);
    boolean tied = config.tiedEmbeddings();
    int hidden = slot.columns();
    strips(
        slot,
        (masters, _, row, count) -> {
          long to = weights.embedding + 2L * row * hidden;
          round(masters, slot, row, count, to);
          if (tied) {
            head(to, row, count);
          }
        });
    if (!tied) {
      var head = full.layout().head();
      strips(
          head,
          (masters, staged, row, count) -> {
            round(masters, head, row, count, staged);
            head(staged, row, count);
          });
    }
  }

  private void head(long address, int row, int count) {
    var rows = new Strided(address, config.hiddenSize());
    weights.headForward.packTransposed(rows, count, config.hiddenSize(), 0, row);
    weights.headBackward.packStraight(rows, count, config.hiddenSize(), row, 0);
  }

  private interface Rows {
    void pack(long masters, long staged, int row, int count);
  }

  private void strips(FullLayout.Slot slot, Rows rows) {
    for (int row = 0; row < slot.rows(); row += Operand.BLOCK) {
      int first = row;
      int count = Math.min(Operand.BLOCK, slot.rows() - row);
      strips.add((masters, staged) -> rows.pack(masters, staged, first, count));
    }
  }

  void refresh(Crew crew) {
    long masters = full.parameters().memory().address();
    crew.each(strips.size(), (member, i) -> strips.get(i).pack(masters, staging[member]));
  }

  @Override
  public void close() {
    memory.close();
  }
}
