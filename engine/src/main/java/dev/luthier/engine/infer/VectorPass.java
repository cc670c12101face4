package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.infer.BatchModel.LogitsReader;
import dev.luthier.engine.infer.BatchModel.Rows;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.StripOperand;
import dev.luthier.engine.kernel.StripProduct;
import dev.luthier.engine.kernel.VectorAttention;
import dev.luthier.engine.kernel.VectorRows;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// One pass of a Llama model over the next rows of many sequences, in buffers made once.
///
/// A crew shares each phase: products by channels, so that each core reads its part of the weights
/// and no other; all else row by row. Sums are in the order of the depth for each row, so a row's
/// result does not depend on its neighbours.
final class VectorPass implements RawPass<VectorAdapter> {
  /// Channels of a product that one task computes.
  private static final int CHANNELS_A_TASK = VectorWeights.GRAIN;

  private static final int LOGITS_A_TASK = 8 * VectorWeights.GRAIN;

  /// Rows [first, first + rows) of the pass and what their adapter adds.
  private record Addition(int first, int rows, VectorAdapter.Pairs pairs) {}

  /// A row of the pass: its sequence, its place in it, its token.
  private record Row(RawCache cache, int position, int token) {}

  private final VectorWeights weights;
  private final ModelConfig config;
  private final Crew crew;
  private final Memory memory = new Memory();
  private final int rowsMax;
  private final int hidden;
  private final int ffn;
  private final int queryWidth;
  private final int keyWidth;
  private final List<VectorAttention> attentions = new ArrayList<>();
  private final List<Long> halves = new ArrayList<>(); // bf16 [2, keyWidth] of each member

  // fp32 [rows, ...]
  private final Strided x; // residual stream
  private final Strided normed;
  private final Strided qkv;
  private final Strided attended;
  private final Strided gateUp;
  private final SampledLogits logits;

  // P of the adapters, fp32 [rows, sum of ranks]: as wide as the widest adapter that came.
  private Memory lowMemory = new Memory();
  private Strided low = Strided.NONE;

  // The pass that runs.
  private final List<Row> rows = new ArrayList<>();

  VectorPass(VectorWeights weights, Crew crew, int rowsMax, int sampledMax) {
    this.weights = weights;
    this.config = weights.config();
    this.crew = crew;
    this.rowsMax = rowsMax;
    this.hidden = config.hiddenSize();
    this.ffn = config.intermediateSize();
    this.queryWidth = config.heads() * config.headDim();
    this.keyWidth = config.kvHeads() * config.headDim();
    for (int i = 0; i < crew.size(); i++) {
      attentions.add(new VectorAttention(memory, config.headDim(), config.maxPositions()));
      halves.add(memory.allocate(2L * keyWidth * Short.BYTES));
    }
    x = buffer(memory, rowsMax, hidden);
    normed = buffer(memory, rowsMax, hidden);
    qkv = buffer(memory, rowsMax, queryWidth + 2 * keyWidth);
    attended = buffer(memory, rowsMax, queryWidth);
    gateUp = buffer(memory, rowsMax, 2 * ffn);
    int vocabulary = config.vocabularySize();
    logits = new SampledLogits(buffer(memory, sampledMax, vocabulary), vocabulary);
  }

  private static Strided buffer(Memory memory, int rows, int columns) {
    long stride =
        Strided.spread(
            (columns + StripOperand.STRIP - 1L) / StripOperand.STRIP * StripOperand.STRIP,
            Float.BYTES);
    return new Strided(memory.allocate(rows * stride * Float.BYTES), stride);
  }

  @Override
  public long weightBytes() {
    return weights.bytes();
  }

  @Override
  public VectorAdapter read(Path folder, Consumer<VectorAdapter> whenClosed) throws IOException {
    return VectorAdapter.read(folder, config, whenClosed);
  }

  @Override
  public void run(List<Rows<RawCache, VectorAdapter>> pass, Runnable read, LogitsReader reader) {
    prepare(pass);
    eachRow(
        (_, i) -> VectorRows.widen(place(x, i), weights.embedding(rows.get(i).token()), hidden));
    for (int i = 0; i < weights.layers().size(); i++) {
      layer(i, weights.layers().get(i), pass);
    }
    int sampled = gather(pass);
    read.run();
    if (sampled > 0) {
      logits(sampled);
      logits.hand(pass, reader);
    }
  }

  private void prepare(List<Rows<RawCache, VectorAdapter>> pass) {
    rows.clear();
    for (Rows<RawCache, VectorAdapter> part : pass) {
      int position = part.cache().length();
      for (int token : part.tokens()) {
        rows.add(new Row(part.cache(), position++, token));
      }
    }
    if (rows.size() > rowsMax) {
      throw new IllegalArgumentException(
          "a pass of %d rows, where buffers hold %d".formatted(rows.size(), rowsMax));
    }
  }

  private void eachRow(Crew.Task task) {
    crew.each(rows.size(), task);
  }

  private void layer(
      int index, VectorWeights.Layer layer, List<Rows<RawCache, VectorAdapter>> pass) {
    eachRow((_, i) -> norm(layer.attentionNorm(), i));
    product(index, layer, InputGroup.ATTENTION_IN, normed, false, qkv, pass);
    eachRow((member, i) -> turnAndRemember(index, member, i));
    crew.each(
        rows.size() * config.kvHeads(),
        (member, i) ->
            attend(index, attentions.get(member), i / config.kvHeads(), i % config.kvHeads()));
    product(index, layer, InputGroup.ATTENTION_OUT, attended, true, x, pass);
    eachRow((_, i) -> norm(layer.mlpNorm(), i));
    product(index, layer, InputGroup.MLP_IN, normed, false, gateUp, pass);
    eachRow((_, i) -> VectorRows.activate(place(gateUp, i), place(gateUp, i) + ffn * 4L, ffn));
    product(index, layer, InputGroup.MLP_OUT, gateUp, true, x, pass);
  }

  private void norm(long weight, int i) {
    float epsilon = (float) config.rmsNormEpsilon();
    VectorRows.norm(place(normed, i), place(x, i), weight, hidden, epsilon);
  }

  /// y = (add ? y : 0) + X W^T + what the adapters add.
  private void product(
      int index,
      VectorWeights.Layer layer,
      InputGroup group,
      Strided from,
      boolean add,
      Strided y,
      List<Rows<RawCache, VectorAdapter>> pass) {
    StripOperand w = layer.at(group);
    List<Addition> additions = additions(index, group, pass);
    shrink(additions, from);
    crew.each(
        tasks(w.width(), CHANNELS_A_TASK),
        (_, task) -> {
          int first = task * CHANNELS_A_TASK;
          StripProduct.multiply(rows.size(), from, w, first, CHANNELS_A_TASK, add, y);
          for (Addition addition : additions) {
            expand(addition, first, y);
          }
        });
  }

  private static int tasks(int width, int each) {
    return (width + each - 1) / each;
  }

  private static List<Addition> additions(
      int index, InputGroup group, List<Rows<RawCache, VectorAdapter>> pass) {
    List<Addition> additions = new ArrayList<>();
    int first = 0;
    for (Rows<RawCache, VectorAdapter> part : pass) {
      int at = first;
      int own = part.tokens().length;
      part.adapter()
          .flatMap(adapter -> adapter.at(index, group))
          .ifPresent(pairs -> additions.add(new Addition(at, own, pairs)));
      first += own;
    }
    return additions;
  }

  /// P = X A^T of the rows that have an adapter.
  private void shrink(List<Addition> additions, Strided from) {
    int widest = additions.stream().mapToInt(each -> each.pairs().shrink().width()).max().orElse(0);
    if (widest > low.stride()) {
      lowMemory.close();
      lowMemory = new Memory();
      low = buffer(lowMemory, rowsMax, widest);
    }
    crew.each(
        additions.size(),
        (_, i) -> {
          Addition addition = additions.get(i);
          StripOperand a = addition.pairs().shrink();
          StripProduct.multiply(
              addition.rows(),
              from(from, addition.first()),
              a,
              0,
              a.width(),
              false,
              from(low, addition.first()));
        });
  }

  /// Adds P B^T to the channels of a task.
  private void expand(Addition addition, int first, Strided y) {
    for (VectorAdapter.Expansion each : addition.pairs().expansions()) {
      int own = first - each.firstChannel();
      if (own >= 0 && own < each.b().width()) {
        Strided p = from(low, addition.first());
        StripProduct.multiply(
            addition.rows(),
            new Strided(p.address() + each.at() * 4L, p.stride()),
            each.b(),
            own,
            CHANNELS_A_TASK,
            true,
            left(from(y, addition.first()), each.firstChannel()));
      }
    }
  }

  private static Strided left(Strided y, int columns) {
    return new Strided(y.address() + columns * 4L, y.stride());
  }

  private static Strided from(Strided rows, int first) {
    return new Strided(place(rows, first), rows.stride());
  }

  /// Turns queries and keys by their position, and writes keys and values behind those before.
  private void turnAndRemember(int layer, int member, int i) {
    Row at = rows.get(i);
    long from = place(qkv, i);
    int heads = config.heads() + config.kvHeads();
    for (int head = 0; head < heads; head++) {
      VectorRows.turn(
          from + (long) head * config.headDim() * Float.BYTES,
          config.headDim() / 2,
          weights.rotary().cos(at.position()),
          weights.rotary().sin(at.position()));
    }
    long keys = halves.get(member);
    long values = keys + (long) keyWidth * Short.BYTES;
    VectorRows.round(keys, from + queryWidth * 4L, keyWidth);
    VectorRows.round(values, from + (queryWidth + keyWidth) * 4L, keyWidth);
    at.cache().write(layer, at.position(), keys, values);
  }

  private void attend(int layer, VectorAttention attention, int i, int keyHead) {
    Row at = rows.get(i);
    Strided keys = at.cache().keys(layer, keyHead);
    Strided values = at.cache().values(layer, keyHead);
    int group = config.heads() / config.kvHeads();
    for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
      long column = (long) head * config.headDim() * Float.BYTES;
      attention.attend(
          place(qkv, i) + column, at.position() + 1, keys, values, place(attended, i) + column);
    }
  }

  /// Moves the rows to be sampled to the front of the residual stream, and counts them.
  private int gather(List<Rows<RawCache, VectorAdapter>> pass) {
    int sampled = 0;
    int end = -1;
    long bytes = hidden * 4L;
    for (Rows<RawCache, VectorAdapter> part : pass) {
      end += part.tokens().length;
      if (part.sampled()) {
        var from = Memory.segment(place(x, end), bytes);
        MemorySegment.copy(from, 0, Memory.segment(place(x, sampled++), bytes), 0, bytes);
      }
    }
    return sampled;
  }

  private void logits(int sampled) {
    crew.each(sampled, (_, i) -> norm(weights.norm(), i));
    StripOperand head = weights.head();
    crew.each(
        tasks(head.width(), LOGITS_A_TASK),
        (_, task) -> {
          int first = task * LOGITS_A_TASK;
          int count = Math.min(LOGITS_A_TASK, head.width() - first);
          StripProduct.multiply(sampled, normed, head, first, count, false, logits.rows());
        });
  }

  /// Address of a row of fp32.
  private static long place(Strided rows, int row) {
    return rows.address() + row * rows.stride() * Float.BYTES;
  }

  @Override
  public void close() {
    lowMemory.close();
    memory.close();
    weights.close();
  }
}
