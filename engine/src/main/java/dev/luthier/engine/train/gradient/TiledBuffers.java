package dev.luthier.engine.train.gradient;

import dev.luthier.engine.kernel.Attention;
import dev.luthier.engine.kernel.AttentionGradient;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.WeightGradient;
import dev.luthier.engine.kernel.Workspace;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/// The memory of one pass: what the forward keeps of every layer for the backward, what lives
/// within a layer, and what each member of the crew works on. All bf16 unless said. Inputs of a
/// group and gradients of its outputs have room for the low rows behind them.
///
/// Rows beyond those of a pack belong to an earlier, longer one. Products run over them up to the
/// next multiple of 32, so a pass clears them where rows enter.
final class TiledBuffers implements AutoCloseable {
  /// What one member works on; `tile` is bf16 or fp32 [tile rows,64].
  static final class Bench {
    final int member;
    final Workspace space;
    final Attention attention;
    final AttentionGradient attentionGradient;
    final long tile;

    /// What `attention` and `attentionGradient` hold.
    final AttentionTasks.Held keys = new AttentionTasks.Held();

    final AttentionTasks.Held gradientKeys = new AttentionTasks.Held();

    Bench(Memory memory, ModelConfig config, int rows, int member) {
      this.member = member;
      space = new Workspace(memory);
      attention = new Attention(memory, config.headDim(), rows);
      attentionGradient = new AttentionGradient(memory, config.headDim(), rows);
      tile = memory.allocate(4L * Tiles.TILE_ROWS_MAX * 64);
    }
  }

  /// Rows of a fixed width, one matrix a layer or one for all.
  final class Rows {
    private final long address;
    private final long stride;

    Rows(int matrices, int width) {
      this.stride = Strided.spread(width, 2);
      this.address = memory.allocate(2L * matrices * capacity * stride);
    }

    Strided at(int layer, int row, int column) {
      return new Strided(address(layer, row, column), stride);
    }

    Strided at(int row, int column) {
      return at(0, row, column);
    }

    long address(int layer, int row, int column) {
      return address + 2 * (((long) layer * capacity + row) * stride + column);
    }

    long stride() {
      return stride;
    }

    /// Sets rows `from` to below `to` to zero.
    void clear(int layer, int from, int to) {
      Memory.segment(address(layer, from, 0), 2L * (to - from) * stride).fill((byte) 0);
    }
  }

  /// Blocks of 64 columns, each a matrix of its own, one after another for every layer: what is
  /// written and read again tile by tile then adjoins, and comes a third sooner from far memory
  /// than rows 6 KB apart.
  final class Blocks {
    private final long address;
    private final int perLayer;

    Blocks(int layers, int perLayer) {
      this.perLayer = perLayer;
      this.address = memory.allocate((long) layers * perLayer * bytes());
    }

    private long bytes() {
      return 2L * capacity * Operand.BLOCK;
    }

    Strided at(int layer, int block, int row) {
      long first = address + ((long) layer * perLayer + block) * bytes();
      return new Strided(first + 2L * row * Operand.BLOCK, Operand.BLOCK);
    }
  }

  /// Room for keys grows by so many, so that packs of nearly as many make no new buffers.
  private static final int KEY_ROWS_STEP = 512;

  private final Memory memory = new Memory();
  private final int capacity;
  private final int keyRows;
  private final int heads;

  // Kept for the backward, one matrix a layer.
  final Rows x; // (layers + 1) matrices: what goes into each layer, and out of the last
  final Rows qkv;
  final Rows attended;
  final Rows middle;
  private final Blocks gateUp;

  /// By layer and group: s X A^T, as WeightGradient wants it.
  final List<Map<InputGroup, Long>> lowLeft = new ArrayList<>();

  private final long inverseRms; // fp32 [layers, 2, rows]
  private final long logSums; // fp32 [layers, heads, rows]

  // Within a layer.
  final Rows normed;
  final Rows product; // silu(gate) * up
  final Rows gradient; // of the residual stream
  final Rows branch; // the gradient of a branch's normed input
  final Rows dAttended;
  final Rows dQkv;
  final Rows dGateUp;
  final Map<InputGroup, Long> lowBackLeft; // s dY B, as WeightGradient wants it
  final long partials; // fp32, of keys and values
  final long positions; // int32
  final Bench[] benches;

  /// `low` tells how wide a group's low rows are; 0 where there are none.
  TiledBuffers(
      ModelConfig config, ToIntFunction<InputGroup> low, int rows, int keyRows, int members) {
    capacity = (rows + Tiles.TILE_ROWS_MAX - 1) / Tiles.TILE_ROWS_MAX * Tiles.TILE_ROWS_MAX;
    heads = config.heads();
    int layers = config.layers();
    int hidden = config.hiddenSize();
    int wide = InputGroup.ATTENTION_IN.out(config);
    int attention = InputGroup.ATTENTION_OUT.in(config);
    int ffn = config.intermediateSize();
    int lowIn = low.applyAsInt(InputGroup.ATTENTION_IN);
    int lowOut = low.applyAsInt(InputGroup.ATTENTION_OUT);
    int lowGates = low.applyAsInt(InputGroup.MLP_IN);
    int lowDown = low.applyAsInt(InputGroup.MLP_OUT);
    x = new Rows(layers + 1, hidden);
    qkv = new Rows(layers, wide);
    attended = new Rows(layers, attention + lowOut);
    middle = new Rows(layers, hidden);
    gateUp = new Blocks(layers, 2 * TiledPass.blocks(ffn));
    inverseRms = memory.allocate(4L * layers * 2 * capacity);
    logSums = memory.allocate(4L * layers * heads * capacity);
    normed = new Rows(1, hidden + Math.max(lowIn, lowGates));
    product = new Rows(1, ffn + lowDown);
    gradient = new Rows(1, hidden + Math.max(lowOut, lowDown));
    branch = new Rows(1, hidden);
    dAttended = new Rows(1, attention);
    dQkv = new Rows(1, wide + lowIn);
    dGateUp = new Rows(1, 2 * ffn + lowGates);
    for (int layer = 0; layer < layers; layer++) {
      lowLeft.add(leftFactors(low));
    }
    lowBackLeft = leftFactors(low);
    this.keyRows = (keyRows + KEY_ROWS_STEP - 1) / KEY_ROWS_STEP * KEY_ROWS_STEP;
    long partialBytes = AttentionGradient.partialBytes(this.keyRows, config.headDim());
    partials = memory.allocate(heads * partialBytes);
    positions = memory.allocate(4L * capacity);
    benches = new Bench[members];
    for (int i = 0; i < members; i++) {
      benches[i] = new Bench(memory, config, capacity, i);
    }
  }

  int rows() {
    return capacity;
  }

  int keyRows() {
    return keyRows;
  }

  /// Whether there is room for a pack's rows, and for its documents' keys as [AttentionTasks] lays
  /// their gradients out.
  boolean hold(int rows, int keyRows) {
    return rows <= capacity && keyRows <= this.keyRows;
  }

  /// A block of a layer's gate, from a row on.
  Strided gate(int layer, int block, int row) {
    return gateUp.at(layer, 2 * block, row);
  }

  /// A block of a layer's up, from a row on.
  Strided up(int layer, int block, int row) {
    return gateUp.at(layer, 2 * block + 1, row);
  }

  /// fp32 [rows], of a layer's first norm (0) or second (1).
  long inverseRms(int layer, int norm, int row) {
    return inverseRms + 4 * ((2L * layer + norm) * capacity + row);
  }

  /// fp32 [rows] of one head.
  long logSums(int layer, int head, int row) {
    return logSums + 4 * (((long) layer * heads + head) * capacity + row);
  }

  private Map<InputGroup, Long> leftFactors(ToIntFunction<InputGroup> low) {
    var places = new EnumMap<InputGroup, Long>(InputGroup.class);
    for (var group : InputGroup.values()) {
      int width = low.applyAsInt(group);
      if (width > 0) {
        places.put(group, memory.allocate(WeightGradient.leftBytes(capacity, width)));
      }
    }
    return places;
  }

  void positions(int[] values, int rows) {
    var target = Memory.segment(positions, 4L * capacity);
    for (int i = 0; i < rows; i++) {
      target.setAtIndex(ValueLayout.JAVA_INT, i, i < values.length ? values[i] : 0);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
