package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.kernel.WeightGradient.Part;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.train.gradient.TiledBuffers.Bench;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// The gradients of a group's A and B in tasks of 64 columns: dA += (s dY B)^T X for all A of the
/// group at once, dB += dY^T (s X A^T) for each B.
final class LowRankSums implements WeightSums.Tasks {
  private record ColumnTask(int first, int columns, Strided dy, Part part) {}

  private final int rows;
  private final int in;
  private final Strided x;
  private final List<Part> downs = new ArrayList<>();
  private final List<ColumnTask> ups = new ArrayList<>();

  /// `x` and `dy` are the group's inputs and gradients of outputs; the low rows stand packed in the
  /// pass's buffers.
  LowRankSums(
      TiledPass pass,
      TiledAdapter adapter,
      int layer,
      InputGroup group,
      Strided x,
      Strided dy,
      long target) {
    this.rows = pass.pack.rows();
    this.in = group.in(pass.config);
    this.x = x;
    var pairs = adapter.group(layer, group);
    if (pairs == null) {
      return;
    }
    int width = pairs.width();
    long low = Objects.requireNonNull(pass.buffers.lowLeft.get(layer).get(group));
    long lowBack = Objects.requireNonNull(pass.buffers.lowBackLeft.get(group));
    for (var pair : pairs.pairs()) {
      var slot = pair.slot();
      int at = pair.column();
      var a = new Strided(target + 4 * slot.offsetA(), slot.in());
      downs.add(new Part(lowBack, width, at, slot.rank(), a));
      var b = new Strided(target + 4 * slot.offsetB(), slot.rank());
      addUp(pass.config, group, slot, dy, new Part(low, width, at, slot.rank(), b));
    }
  }

  private void addUp(
      ModelConfig config, InputGroup group, LoraLayout.Slot slot, Strided dy, Part b) {
    int column = group.column(config, slot.name());
    var outputs = new Strided(dy.address() + 2L * column, dy.stride());
    for (int first = 0; first < slot.out(); first += Operand.BLOCK) {
      int columns = Math.min(Operand.BLOCK, slot.out() - first);
      ups.add(new ColumnTask(first, columns, outputs, b));
    }
  }

  @Override
  public int count() {
    return (downs.isEmpty() ? 0 : TiledPass.blocks(in)) + ups.size();
  }

  @Override
  public void run(Bench bench, int index) {
    var space = bench.space;
    if (index < ups.size()) {
      var task = ups.get(index);
      WeightGradient.addColumns(space, rows, task.dy(), task.first(), task.columns(), task.part());
    } else {
      int first = (index - ups.size()) * Operand.BLOCK;
      int columns = Math.min(Operand.BLOCK, in - first);
      WeightGradient.addRows(space, rows, x, first, columns, downs);
    }
  }
}
