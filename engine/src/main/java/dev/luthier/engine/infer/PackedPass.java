package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.infer.BatchModel.LogitsReader;
import dev.luthier.engine.infer.BatchModel.Rows;
import dev.luthier.engine.kernel.Attention;
import dev.luthier.engine.kernel.ByteOperand;
import dev.luthier.engine.kernel.ByteProduct;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Norm;
import dev.luthier.engine.kernel.Rope;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.SwiGlu;
import dev.luthier.engine.kernel.Workspace;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One pass of a Llama model over the next rows of many sequences, in buffers made once.
///
/// A crew shares each phase: products by columns of their result, so that each core reads its part
/// of the weights and no other; what is done row by row by rows; attention by sequence and head.
/// Sums of products are whole numbers, so a row's result does not depend on its neighbours.
final class PackedPass implements RawPass<PackedAdapter> {
  /// Rows that one task norms, turns or quantises.
  private static final int ROWS_A_TASK = 32;

  /// Rows of a prompt whose attention to one key head is one task.
  private static final int QUERIES_A_TASK = 128;

  /// Blocks of columns that are worth being two tasks.
  private static final int LONG_STRETCH = 8;

  private static final int LOGITS_A_TASK = 8 * ByteOperand.BLOCK;

  /// Queries [from, from + rows) of a sequence that stand at row `first` of the pass, and one of
  /// its key heads.
  private record Look(Rows<RawCache, PackedAdapter> sequence, int first, int rows, int head) {}

  private final PackedWeights weights;
  private final ModelConfig config;
  private final Crew crew;
  private final Memory memory = new Memory();
  private final int rowsMax;
  private final int hidden;
  private final int ffn;
  private final int queryWidth;
  private final int keyWidth;
  private final List<Workspace> workspaces = new ArrayList<>();
  private final List<Attention> attentions = new ArrayList<>();

  // bf16 [rows, ...]
  private final Strided x; // residual stream
  private final Strided normed;
  private final Strided qkv;
  private final Strided attended;
  private final Strided active;

  // By member, bf16 [rows, columns]: just made, used up at once, in a place that stays in its
  // cache.
  private final List<Strided> gates = new ArrayList<>();
  private final List<Strided> ups = new ArrayList<>();

  private final LowRankPass lowRank;
  private final PassRows inputs;
  private final long inverseRms; // fp32 [rows]
  private final long positions; // int32 [rows]
  private final SampledLogits logits;

  // The pass that runs.
  private List<Rows<RawCache, PackedAdapter>> parts = List.of();
  private List<Look> looks = List.of();
  private int rows;

  PackedPass(PackedWeights weights, Crew crew, int rowsMax, int sampledMax) {
    this.weights = weights;
    this.config = weights.config();
    this.crew = crew;
    this.rowsMax = rowsMax;
    this.hidden = config.hiddenSize();
    this.ffn = config.intermediateSize();
    this.queryWidth = config.heads() * config.headDim();
    this.keyWidth = config.kvHeads() * config.headDim();
    for (int i = 0; i < crew.size(); i++) {
      workspaces.add(new Workspace(memory));
      attentions.add(new Attention(memory, config.headDim(), config.maxPositions()));
    }
    x = buffer(rowsMax, hidden);
    normed = buffer(rowsMax, hidden);
    qkv = buffer(rowsMax, queryWidth + 2 * keyWidth);
    attended = buffer(rowsMax, queryWidth);
    active = buffer(rowsMax, ffn);
    int most = columns(blocks(ffn), crew.size());
    for (int i = 0; i < crew.size(); i++) {
      gates.add(buffer(rowsMax, most));
      ups.add(buffer(rowsMax, most));
    }
    int deepest = Math.max(Math.max(hidden, ffn), queryWidth);
    lowRank = new LowRankPass(memory, crew, workspaces, rowsMax, sampledMax, deepest);
    inputs = new PassRows(memory, rowsMax, deepest);
    inverseRms = memory.allocate((long) rowsMax * Float.BYTES);
    positions = memory.allocate((long) rowsMax * Integer.BYTES);
    int vocabulary = config.vocabularySize();
    long bytes = (long) sampledMax * vocabulary * Float.BYTES;
    logits = new SampledLogits(new Strided(memory.allocate(bytes), vocabulary), vocabulary);
  }

  private Strided buffer(int rowsMax, int columns) {
    long stride = Strided.spread(columns, Short.BYTES);
    return new Strided(memory.allocate(rowsMax * stride * Short.BYTES), stride);
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }

  @Override
  public PackedAdapter read(Path folder, Consumer<PackedAdapter> whenClosed) throws IOException {
    return PackedAdapter.read(folder, config, whenClosed);
  }

  @Override
  public void run(List<Rows<RawCache, PackedAdapter>> pass, Runnable read, LogitsReader reader) {
    prepare(pass);
    eachRows((_, first, count) -> embed(first, count));
    for (int i = 0; i < weights.layers().size(); i++) {
      layer(i, weights.layers().get(i));
    }
    int sampled = gather();
    read.run();
    if (sampled > 0) {
      logits(sampled);
      logits.hand(pass, reader);
    }
  }

  private void prepare(List<Rows<RawCache, PackedAdapter>> pass) {
    int count = pass.stream().mapToInt(part -> part.tokens().length).sum();
    if (count > rowsMax) {
      throw new IllegalArgumentException(
          "a pass of %d rows, where buffers hold %d".formatted(count, rowsMax));
    }
    rows = count;
    parts = pass;
    lowRank.begin();
    looks = new ArrayList<>();
    inputs.begin();
    int first = 0;
    for (Rows<RawCache, PackedAdapter> part : pass) {
      int own = part.tokens().length;
      for (int i = 0; i < own; i++) {
        Memory.segment(positions + (first + i) * 4L, 4)
            .set(ValueLayout.JAVA_INT, 0, part.cache().length() + i);
      }
      lowRank.add(part, first);
      inputs.add(own, part.cache().answers(part.cache().length()));
      for (int from = 0; from < own; from += QUERIES_A_TASK) {
        for (int head = 0; head < config.kvHeads(); head++) {
          looks.add(new Look(part, first + from, Math.min(QUERIES_A_TASK, own - from), head));
        }
      }
      first += own;
    }
    lowRank.ready();
  }

  private void eachRows(MemberWork work) {
    eachRows(ROWS_A_TASK, work);
  }

  private void eachRows(int each, MemberWork work) {
    crew.each(
        (rows + each - 1) / each,
        (member, index) -> work.run(member, index * each, Math.min(each, rows - index * each)));
  }

  /// Makes a group's inputs row by row, `from` and quantised; gives what adapters add to its
  /// outputs. Rows of answers go through their A while they are at hand.
  private List<ByteProduct.Addend> inputsOf(
      int layer, InputGroup group, Strided from, MemberWork making) {
    boolean together = lowRank.goesRowByRow();
    int each = together && rows <= ROWS_A_TASK ? 1 : ROWS_A_TASK;
    eachRows(
        each,
        (member, first, count) -> {
          making.run(member, first, count);
          if (together) {
            lowRank.shrinkAnswers(layer, group, from, member, first, count);
          }
        });
    return lowRank.terms(layer, group, from);
  }

  private void embed(int first, int count) {
    int at = 0;
    for (Rows<RawCache, PackedAdapter> part : parts) {
      for (int token : part.tokens()) {
        if (at >= first && at < first + count) {
          copy(weights.embedding() + (long) token * hidden * 2, place(x, at), hidden * 2L);
        }
        at++;
      }
    }
  }

  private void layer(int index, PackedWeights.Layer layer) {
    MemberWork norm = (_, first, count) -> normAndQuantise(layer.attentionNorm(), first, count);
    var qkvTerms = inputsOf(index, InputGroup.ATTENTION_IN, normed, norm);
    product(layer.qkv(), qkvTerms, Strided.NONE, qkv);
    eachRows((_, first, count) -> turnAndRemember(index, first, count));
    crew.each(looks.size(), (member, i) -> attend(index, attentions.get(member), looks.get(i)));
    MemberWork attend = (_, first, count) -> inputs.quantise(queryWidth, attended, first, count);
    product(layer.o(), inputsOf(index, InputGroup.ATTENTION_OUT, attended, attend), x, x);

    MemberWork mlpNorm = (_, first, count) -> normAndQuantise(layer.mlpNorm(), first, count);
    feed(layer.gateUp(), inputsOf(index, InputGroup.MLP_IN, normed, mlpNorm));
    MemberWork activate = (_, first, count) -> inputs.quantise(ffn, active, first, count);
    product(layer.down(), inputsOf(index, InputGroup.MLP_OUT, active, activate), x, x);
  }

  private void normAndQuantise(long weight, int first, int count) {
    Norm.forward(
        place(normed, first),
        normed.stride(),
        inverseRms + first * 4L,
        place(x, first),
        x.stride(),
        weight,
        count,
        hidden,
        (float) config.rmsNormEpsilon());
    inputs.quantise(hidden, normed, first, count);
  }

  /// y = X W^T + terms + residual, X as it was quantised last.
  private void product(ByteOperand w, List<ByteProduct.Addend> terms, Strided residual, Strided y) {
    eachColumns(
        w.width(),
        columnsATask(w.width()),
        (member, first, count) ->
            inputs.product(workspaces.get(member), w, first, count, terms, residual, y));
  }

  /// active = silu(gate) * up, column by column as they come.
  private void feed(ByteOperand w, List<ByteProduct.Addend> terms) {
    eachColumns(
        ffn,
        columnsATask(ffn),
        (member, first, count) -> {
          Workspace space = workspaces.get(member);
          Strided gate = gates.get(member);
          Strided up = ups.get(member);
          inputs.product(space, w, first, count, terms, Strided.NONE, left(gate, first));
          inputs.product(space, w, ffn + first, count, terms, Strided.NONE, left(up, ffn + first));
          var to = new Strided(active.address() + first * 2L, active.stride());
          SwiGlu.forward(to, gate, up, rows, count);
        });
  }

  /// The matrix of which column `first` lies at the beginning of `part`.
  private static Strided left(Strided part, int first) {
    return new Strided(part.address() - (long) first * Short.BYTES, part.stride());
  }

  private static int blocks(int width) {
    return (width + ByteOperand.BLOCK - 1) / ByteOperand.BLOCK;
  }

  /// Columns of a task where so many tasks share the blocks.
  private static int columns(int blocks, int tasks) {
    return (blocks + tasks - 1) / tasks * ByteOperand.BLOCK;
  }

  /// Small tasks even out what members are kept from; adapters in bytes are read fastest in long
  /// stretches, a block of columns of each after the other would wait for every one.
  private int columnsATask(int width) {
    if (!lowRank.hasAnswers()) {
      return ByteOperand.BLOCK;
    }
    int blocks = blocks(width);
    return columns(blocks, blocks < LONG_STRETCH * crew.size() ? crew.size() : 2 * crew.size());
  }

  /// Work of a member on some rows, or some columns, of a result.
  @FunctionalInterface
  private interface MemberWork {
    void run(int member, int first, int count);
  }

  private void eachColumns(int width, int each, MemberWork work) {
    crew.each(
        (width + each - 1) / each,
        (member, index) -> work.run(member, index * each, Math.min(each, width - index * each)));
  }

  /// Turns queries and keys to their positions; keys and values go to their caches.
  private void turnAndRemember(int layer, int first, int count) {
    Rope.turn(
        place(qkv, first),
        qkv.stride(),
        count,
        config.heads() + config.kvHeads(),
        config.headDim(),
        weights.rotary().cos(),
        weights.rotary().sin(),
        positions + first * 4L);
    int at = 0;
    for (Rows<RawCache, PackedAdapter> part : parts) {
      int end = at + part.tokens().length;
      for (int r = Math.max(at, first); r < Math.min(end, first + count); r++) {
        long keys = place(qkv, r) + queryWidth * 2L;
        part.cache().write(layer, part.cache().length() + r - at, keys, keys + keyWidth * 2L);
      }
      at = end;
    }
  }

  private void attend(int layer, Attention attention, Look look) {
    RawCache cache = look.sequence().cache();
    int position = Memory.segment(positions + look.first() * 4L, 4).get(ValueLayout.JAVA_INT, 0);
    int seen = position + look.rows();
    Strided keys = cache.keys(layer, look.head());
    Strided values = cache.values(layer, look.head());
    int headDim = config.headDim();
    int group = config.heads() / config.kvHeads();
    long column = (long) look.head() * group * headDim * 2;
    if (cache.answers(position)) {
      attention.token(
          seen,
          group,
          new Strided(place(qkv, look.first()) + column, headDim),
          keys,
          values,
          new Strided(place(attended, look.first()) + column, headDim));
      return;
    }
    // Also a single row, if it is a prompt's: how a prompt is cut into pieces must not matter.
    attention.keys(0, seen, keys, values);
    for (int head = 0; head < group; head++) {
      long at = column + (long) head * headDim * 2;
      attention.forward(
          position,
          look.rows(),
          new Strided(place(qkv, look.first()) + at, qkv.stride()),
          new Strided(place(attended, look.first()) + at, attended.stride()),
          0);
    }
  }

  /// Moves the rows to be sampled to the front of the residual stream, and counts them.
  private int gather() {
    int sampled = 0;
    int end = -1;
    for (Rows<RawCache, PackedAdapter> part : parts) {
      end += part.tokens().length;
      if (part.sampled()) {
        copy(place(x, end), place(x, sampled++), hidden * 2L);
      }
    }
    return sampled;
  }

  private void logits(int sampled) {
    rows = sampled;
    inputs.begin();
    inputs.add(sampled, true);
    eachRows((_, first, count) -> normAndQuantise(weights.norm(), first, count));
    eachColumns(
        weights.head().width(),
        LOGITS_A_TASK,
        (member, first, count) ->
            inputs.product(workspaces.get(member), weights.head(), first, count, logits.rows()));
  }

  /// Address of a row of bf16.
  private static long place(Strided rows, int row) {
    return rows.address() + row * rows.stride() * Short.BYTES;
  }

  private static void copy(long from, long to, long bytes) {
    MemorySegment.copy(Memory.segment(from, bytes), 0, Memory.segment(to, bytes), 0, bytes);
  }

  @Override
  public void close() {
    memory.close();
    weights.close();
  }
}
