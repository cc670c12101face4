package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Operand;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaLayer;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToIntFunction;

/// A Llama model's weights, packed for the matrix units: each linear's W^T for the forward pass,
/// each group's W below one another for the gradient of its input, and both for the head. Below a
/// linear's weights is room for its adapter's, see [TiledAdapter].
final class TiledWeights implements AutoCloseable {
  /// Rows of the head that one task packs: whole blocks, many tasks.
  private static final int HEAD_ROWS = 1024;

  /// One block. The norms' weights are addresses of bf16 [h].
  static final class Layer {
    final long attentionNorm;
    final long mlpNorm;
    private final Map<LinearName, Operand> forward = new EnumMap<>(LinearName.class);
    private final Map<InputGroup, Operand> backward = new EnumMap<>(InputGroup.class);
    private final Map<InputGroup, Integer> outs = new EnumMap<>(InputGroup.class);

    Layer(long attentionNorm, long mlpNorm) {
      this.attentionNorm = attentionNorm;
      this.mlpNorm = mlpNorm;
    }

    /// Rows of a group's W; those of A begin there.
    int out(InputGroup group) {
      return Objects.requireNonNull(outs.get(group));
    }

    /// W^T [in,out], B^T below.
    Operand forward(LinearName name) {
      return Objects.requireNonNull(forward.get(name));
    }

    /// The group's W below one another [out,in], its A below.
    Operand backward(InputGroup group) {
      return Objects.requireNonNull(backward.get(group));
    }
  }

  private final Memory memory = new Memory();
  private final ModelConfig config;
  private final List<Layer> layers = new ArrayList<>();
  final Operand headForward;
  final Operand headBackward;
  final long finalNorm;
  final long embedding;

  /// fp32 tables [positions, headDim / 2].
  final long cos;

  final long sin;

  /// Frozen weights, with room for an adapter's.
  TiledWeights(LlamaModel model, LoraSettings lora, Crew crew) {
    this(model, group -> TiledAdapter.lowWidth(lora, group), true, crew);
  }

  /// Weights that can be renewed: the embedding and the norms are copies too.
  TiledWeights(LlamaModel model, Crew crew) {
    this(model, _ -> 0, false, crew);
  }

  private TiledWeights(LlamaModel model, ToIntFunction<InputGroup> low, boolean frozen, Crew crew) {
    config = model.config();
    var tasks = new ArrayList<Runnable>();
    for (var layer : model.layers()) {
      layers.add(allocate(layer, low, frozen, tasks));
    }
    int hidden = config.hiddenSize();
    int vocabulary = config.vocabularySize();
    headForward = Operand.allocate(memory, hidden, vocabulary);
    headBackward = Operand.allocate(memory, vocabulary + vocabulary % 2, hidden);
    var head = rows(model.head().weight());
    for (int row = 0; row < vocabulary; row += HEAD_ROWS) {
      int first = row;
      int count = Math.min(HEAD_ROWS, vocabulary - row);
      var part = new Strided(head.address() + 2L * first * hidden, hidden);
      tasks.add(() -> headForward.packTransposed(part, count, hidden, 0, first));
      tasks.add(() -> headBackward.packStraight(part, count, hidden, first, 0));
    }
    finalNorm = place(model.norm().weight(), frozen);
    embedding = place(model.embedding(), frozen);
    cos = table(model.rotary().cosines());
    sin = table(model.rotary().sines());
    crew.each(tasks.size(), (_, i) -> tasks.get(i).run());
  }

  /// The first half of each row: the second repeats it.
  private long table(float[] values) {
    int half = config.headDim() / 2;
    long address = memory.allocate(2L * values.length);
    var target = Memory.segment(address, 2L * values.length);
    for (int at = 0; at < values.length / 2; at += half) {
      MemorySegment.copy(values, 2 * at, target, ValueLayout.JAVA_FLOAT, 4L * at, half);
    }
    return address;
  }

  /// Where a weight that is read as it is lies: with the model, or a copy.
  private long place(Tensor weight, boolean frozen) {
    if (frozen) {
      return weight.memory().address();
    }
    long bytes = 2 * weight.elements();
    long address = memory.allocate(bytes);
    MemorySegment.copy(weight.memory(), 0, Memory.segment(address, bytes), 0, bytes);
    return address;
  }

  private Layer allocate(
      LlamaLayer source, ToIntFunction<InputGroup> lowWidth, boolean frozen, List<Runnable> tasks) {
    var layer =
        new Layer(
            place(source.attentionNorm().weight(), frozen),
            place(source.mlpNorm().weight(), frozen));
    for (var group : InputGroup.values()) {
      int in = group.in(config);
      int low = lowWidth.applyAsInt(group);
      var back = Operand.allocate(memory, group.out(config) + low, in);
      layer.outs.put(group, group.out(config));
      layer.backward.put(group, back);
      for (var name : group.linears()) {
        int out = config.outFeatures(name);
        int column = group.column(config, name);
        var rows = rows(source.linear(name).weight());
        var forward = Operand.allocate(memory, in + low, out);
        layer.forward.put(name, forward);
        tasks.add(() -> forward.packTransposed(rows, out, in, 0, 0));
        tasks.add(() -> back.packStraight(rows, out, in, column, 0));
      }
    }
    return layer;
  }

  private static Strided rows(Tensor weight) {
    return new Strided(weight.memory().address(), weight.size(1));
  }

  Layer layer(int index) {
    return layers.get(index);
  }

  @Override
  public void close() {
    memory.close();
  }
}
