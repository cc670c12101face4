package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Bf16Rows;
import dev.luthier.engine.kernel.Fp32Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Product;
import dev.luthier.engine.kernel.SoftmaxTile;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.Term;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.train.gradient.WeightSums.Tasks;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The loss and its gradient, at target rows only, in chunks of rows.
///
/// The vocabulary is what members share: a tile of logits becomes exponentials before it leaves the
/// cache ([SoftmaxTile]); on the way back the vocabulary is cut into a fixed number of slots, each
/// of which adds up its own part of the gradient, and the parts are summed in order.
final class TiledHead implements AutoCloseable {
  /// Target rows whose exponentials are in memory at once.
  static final int ROWS_MAX = 256;

  private static final int SLOTS_MAX = 16;

  /// Blocks whose gradients are made and used up while they are in the cache.
  private static final int BLOCKS_AT_ONCE = 8;

  private static final int LANES = 16;

  private final Memory memory = new Memory();
  private final ModelConfig config;
  private final int capacity;
  private final int hidden;
  private final int blocks;
  private final int slotBlocks;
  private final int slots;
  private final int statStride;
  private final long stripStride; // of a row of exponentials in a strip
  private final long x; // bf16 [rows,h], as normed, dNormed, dx
  private final long normed;
  private final long dNormed;
  private final long dx;
  private final long exponentials; // bf16 [strips,rows,stripStride], BLOCKS_AT_ONCE blocks a strip
  private final long parts; // fp32 [slots,rows,h]
  private final long largest; // fp32 [rows,statStride], as sums, factors
  private final long sums;
  private final long factors;
  private final long inverseRms; // fp32 [rows], as those below
  private final long targetLogits;
  private final long targetGradients;
  private final long losses;
  private final long targets; // int32 [rows]

  /// For as many target rows at a time as a pack of `rows` needs.
  TiledHead(ModelConfig config, int rows) {
    this.config = config;
    capacity = Math.min(ROWS_MAX, Tiles.over(rows).rows());
    hidden = config.hiddenSize();
    blocks = TiledPass.blocks(config.vocabularySize());
    int strips = (blocks + BLOCKS_AT_ONCE - 1) / BLOCKS_AT_ONCE;
    slotBlocks = (strips + SLOTS_MAX - 1) / SLOTS_MAX * BLOCKS_AT_ONCE;
    slots = (blocks + slotBlocks - 1) / slotBlocks;
    statStride = (blocks + LANES - 1) / LANES * LANES;
    stripStride = Strided.spread((long) BLOCKS_AT_ONCE * Operand.BLOCK, 2);
    long rowBytes = 2L * capacity * hidden;
    x = memory.allocate(rowBytes);
    normed = memory.allocate(rowBytes);
    dNormed = memory.allocate(rowBytes);
    dx = memory.allocate(rowBytes);
    exponentials = memory.allocate(2L * strips * capacity * stripStride);
    parts = memory.allocate(4L * slots * capacity * hidden);
    largest = memory.allocate(4L * capacity * statStride);
    sums = memory.allocate(4L * capacity * statStride);
    factors = memory.allocate(4L * capacity * statStride);
    inverseRms = memory.allocate(4L * capacity);
    targetLogits = memory.allocate(4L * capacity);
    targetGradients = memory.allocate(4L * capacity);
    losses = memory.allocate(4L * capacity);
    targets = memory.allocate(4L * capacity);
    var floats = Memory.segment(largest, 4L * capacity * statStride);
    for (long i = 0; i < (long) capacity * statStride; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NEGATIVE_INFINITY);
    }
  }

  boolean holds(int rows) {
    return Math.min(ROWS_MAX, rows) <= capacity;
  }

  /// Some target rows of a pack on their way through the head.
  private record Chunk(TiledPass pass, int first, int count, Tiles tiles, Tiles.Grid grid) {
    int row(int index) {
      return pass.pack.targetRows()[first + index];
    }
  }

  Tally evaluate(TiledPass pass) {
    var tally = Tally.NONE;
    for (int first = 0; first < pass.pack.targets(); first += capacity) {
      tally = tally.plus(forward(chunk(pass, first), TiledHead::noWeight));
    }
    return tally;
  }

  private static double noWeight(int target) {
    return 0;
  }

  /// The losses of all targets, one by one.
  TargetLosses look(TiledPass pass) {
    int all = pass.pack.targets();
    var each = new float[all];
    var right = new boolean[all];
    for (int first = 0; first < all; first += capacity) {
      var chunk = chunk(pass, first);
      forward(chunk, TiledHead::noWeight);
      for (int i = 0; i < chunk.count(); i++) {
        each[first + i] = get(losses, i);
        right[first + i] = isRight(i);
      }
    }
    return new TargetLosses(each, right);
  }

  /// What each target's loss counts. Where that follows from the losses, the forward half of the
  /// head is done twice: a twelfth more work for answers of many targets, as exponentials of all
  /// targets of a pack are more than memory should hold.
  private IntToDoubleFunction oneByOne(TiledPass pass, LossWeights weights) {
    return switch (weights) {
      case LossWeights.Even(var weight) -> _ -> weight;
      case LossWeights.Found found -> {
        float[] each = found.of(look(pass));
        yield target -> each[target];
      }
    };
  }

  /// Leaves the gradient of the weighted losses in the pass's `gradient` rows; where the head is
  /// trained, its own and the last norm's go where `full` says.
  Tally accumulate(TiledPass pass, LossWeights weights, @Nullable FullPart full) {
    var each = oneByOne(pass, weights);
    pass.buffers.gradient.clear(0, 0, pass.tiles.rows());
    var tally = Tally.NONE;
    for (int first = 0; first < pass.pack.targets(); first += capacity) {
      var chunk = chunk(pass, first);
      tally = tally.plus(forward(chunk, each));
      var rows = new Strided(normed, hidden);
      run(pass, full == null ? Tasks.NONE : full.readyHead(rows, chunk.tiles().rows()));
      pass.crew.each(slots, (member, slot) -> slot(member, chunk, slot, full));
      pass.crew.each(chunk.tiles().groups(), (_, group) -> back(chunk, group));
      run(pass, full == null ? Tasks.NONE : lastNorm(full, chunk));
    }
    return tally;
  }

  private static void run(TiledPass pass, Tasks tasks) {
    pass.crew.each(tasks.count(), (member, i) -> tasks.run(pass.bench(member), i));
  }

  private Tasks lastNorm(FullPart full, Chunk chunk) {
    var dy = new Strided(dNormed, hidden);
    return full.lastNorm(dy, new Strided(x, hidden), inverseRms, chunk.count());
  }

  private Chunk chunk(TiledPass pass, int first) {
    int count = Math.min(capacity, pass.pack.targets() - first);
    var tiles = Tiles.over(count);
    return new Chunk(pass, first, count, tiles, tiles.grid(blocks, hidden));
  }

  private Tally forward(Chunk chunk, IntToDoubleFunction weights) {
    var pass = chunk.pass();
    var tokens = Memory.segment(targets, 4L * capacity);
    for (int i = 0; i < chunk.tiles().rows(); i++) {
      int token = i < chunk.count() ? pass.pack.targetTokens()[chunk.first() + i] : 0;
      tokens.setAtIndex(ValueLayout.JAVA_INT, i, token);
    }
    pass.crew.each(chunk.tiles().groups(), (_, group) -> normed(chunk, group));
    pass.crew.each(chunk.grid().count(), (member, tile) -> logits(member, chunk, tile));
    pass.crew.each(chunk.tiles().groups(), (_, group) -> combine(chunk, group, weights));
    double sum = 0;
    long correct = 0;
    for (int i = 0; i < chunk.count(); i++) {
      sum += get(losses, i);
      correct += isRight(i) ? 1 : 0;
    }
    return new Tally(sum, correct, chunk.count());
  }

  private boolean isRight(int index) {
    return get(targetLogits, index) >= SoftmaxTile.max(stat(largest, index), statStride);
  }

  private static float get(long floats, int index) {
    return Memory.segment(floats + 4L * index, 4).get(ValueLayout.JAVA_FLOAT, 0);
  }

  private static void set(long floats, int index, float value) {
    Memory.segment(floats + 4L * index, 4).set(ValueLayout.JAVA_FLOAT, 0, value);
  }

  /// Where a row's exponentials of a block lie. A strip of a few blocks is used up at once; rows as
  /// long as the vocabulary would crowd into a few sets of the cache.
  private long exponentials(int block, int row) {
    long strip = block / BLOCKS_AT_ONCE * (long) capacity;
    return exponentials
        + 2 * ((strip + row) * stripStride + (long) block % BLOCKS_AT_ONCE * Operand.BLOCK);
  }

  private long stat(long stats, int row) {
    return stats + 4L * row * statStride;
  }

  private void normed(Chunk chunk, int group) {
    var pass = chunk.pass();
    int row = chunk.tiles().groupRow(group);
    int count = chunk.tiles().groupCount(group);
    long bytes = 2L * hidden;
    for (int i = row; i < row + count; i++) {
      var to = Memory.segment(x + i * bytes, bytes);
      if (i < chunk.count()) {
        long from = pass.buffers.x.address(config.layers(), chunk.row(i), 0);
        MemorySegment.copy(Memory.segment(from, bytes), 0, to, 0, bytes);
      } else {
        to.fill((byte) 0);
      }
    }
    Norm.forward(
        normed + row * bytes,
        hidden,
        inverseRms + 4L * row,
        x + row * bytes,
        hidden,
        pass.weights.finalNorm,
        count,
        hidden,
        (float) config.rmsNormEpsilon());
  }

  private void logits(int member, Chunk chunk, int tile) {
    var pass = chunk.pass();
    int row = chunk.grid().row(tile);
    int count = chunk.tiles().tileCount(row);
    int block = chunk.grid().block(tile);
    int first = block * Operand.BLOCK;
    int columns = Math.min(Operand.BLOCK, config.vocabularySize() - first);
    var bench = pass.bench(member);
    var rows = new Strided(normed + 2L * row * hidden, hidden);
    var term = new Term(rows, pass.weights.headForward.columns(first, columns));
    long logits = Product.tile(bench.space, count, term);
    if (columns < Operand.BLOCK) {
      SoftmaxTile.mask(logits, count, columns);
    }
    SoftmaxTile.pick(logits, count, first, targets + 4L * row, targetLogits + 4L * row);
    SoftmaxTile.exponentials(
        bench.space,
        logits,
        count,
        exponentials(block, row),
        stripStride,
        stat(largest, row) + 4L * block,
        stat(sums, row) + 4L * block,
        statStride);
  }

  private void combine(Chunk chunk, int group, IntToDoubleFunction weights) {
    int row = chunk.tiles().groupRow(group);
    for (int i = row; i < row + chunk.tiles().groupCount(group); i++) {
      // Rows of padding have no loss and no gradient.
      double factor = i < chunk.count() ? weights.applyAsDouble(chunk.first() + i) : 0;
      double logSum =
          SoftmaxTile.combine(
              stat(largest, i), stat(sums, i), stat(factors, i), statStride, factor);
      double logProbability = get(targetLogits, i) - logSum;
      set(losses, i, (float) -logProbability);
      set(targetGradients, i, (float) (Math.expm1(logProbability) * factor));
    }
  }

  /// One slot's part of the gradient of the normed rows: its columns of (softmax - onehot) times
  /// its rows of the head.
  private void slot(int member, Chunk chunk, int slot, @Nullable FullPart full) {
    var pass = chunk.pass();
    int rows = chunk.tiles().rows();
    int end = Math.min(blocks, (slot + 1) * slotBlocks);
    var part = new Strided(parts + 4L * slot * capacity * hidden, hidden);
    for (int block = slot * slotBlocks; block < end; block += BLOCKS_AT_ONCE) {
      int count = Math.min(BLOCKS_AT_ONCE, end - block);
      int first = block * Operand.BLOCK;
      int columns = Math.min(count * Operand.BLOCK, pass.weights.headBackward.depth() - first);
      var g = new Strided(exponentials(block, 0), stripStride);
      SoftmaxTile.scale(g.address(), g.stride(), rows, count, factors + 4L * block, statStride);
      SoftmaxTile.setTargets(
          g.address(), g.stride(), rows, first, columns, targets, targetGradients);
      var weights = pass.weights.headBackward.depths(first, columns);
      var term = new Term(g, weights);
      Product.toFp32(pass.bench(member).space, rows, block > slot * slotBlocks, part, term);
      if (full != null) {
        int real = Math.min(columns, config.vocabularySize() - first);
        full.head(pass.bench(member), g, rows, first, real);
      }
    }
  }

  private void back(Chunk chunk, int group) {
    var pass = chunk.pass();
    int row = chunk.tiles().groupRow(group);
    int count = chunk.tiles().groupCount(group);
    long elements = (long) count * hidden;
    long sum = parts + 4L * row * hidden;
    for (int slot = 1; slot < slots; slot++) {
      Fp32Rows.addScaled(sum, sum + 4L * slot * capacity * hidden, 1, elements);
    }
    long at = 2L * row * hidden;
    Bf16Rows.fromFp32(dNormed + at, hidden, sum, hidden, count, hidden);
    Memory.segment(dx + at, 2 * elements).fill((byte) 0);
    Norm.backward(
        dx + at,
        hidden,
        dNormed + at,
        hidden,
        x + at,
        hidden,
        inverseRms + 4L * row,
        pass.weights.finalNorm,
        count,
        hidden);
    long bytes = 2L * hidden;
    for (int i = row; i < Math.min(row + count, chunk.count()); i++) {
      long to = pass.buffers.gradient.address(0, chunk.row(i), 0);
      var from = Memory.segment(dx + i * bytes, bytes);
      MemorySegment.copy(from, 0, Memory.segment(to, bytes), 0, bytes);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
