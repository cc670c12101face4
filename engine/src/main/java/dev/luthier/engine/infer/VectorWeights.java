package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.kernel.StripOperand;
import dev.luthier.engine.kernel.VectorRows;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaLayer;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.nn.RmsNorm;
import dev.luthier.engine.nn.Rotary;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The weights of a Llama-family base for decoding on vectors: linears and head in bytes, norms and
/// angles in fp32, the embedding where the model keeps it, in bf16.
final class VectorWeights implements AutoCloseable {
  /// What is shared out among threads is a multiple of this many channels.
  static final int GRAIN = 64;

  private static final int LANES_MIN = 8;
  private static final int LANES_MAX = 16;

  /// One block of the model. Norms are addresses of fp32 [hidden]; linears that read the same rows
  /// lie side by side.
  record Layer(long attentionNorm, long mlpNorm, Map<InputGroup, StripOperand> linears) {
    Layer {
      linears = Map.copyOf(linears);
    }

    StripOperand at(InputGroup group) {
      return Objects.requireNonNull(linears.get(group));
    }
  }

  private final ModelConfig config;
  private final Memory memory = new Memory();
  private final List<Runnable> packing = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final StripOperand head;
  private final long norm;
  private final long embedding;
  private final RotaryTable rotary;

  /// Packs the weights of a model that [#fit] with all of the crew. The model stays open as long as
  /// this.
  VectorWeights(LlamaModel model, Crew crew) {
    this.config = model.config();
    for (LlamaLayer layer : model.layers()) {
      layers.add(layer(layer));
    }
    this.head = sideBySide(List.of(model.head()));
    this.norm = widened(model.norm());
    this.embedding = model.embedding().memory().address();
    try (Scope scope = Scope.open()) {
      Rotary angles =
          Rotary.of(
              config.headDim(), config.ropeTheta(), config.maxPositions(), Precision.FP32, scope);
      this.rotary = RotaryTable.of(angles, config.headDim(), memory);
    }
    crew.each(packing.size(), (_, index) -> packing.get(index).run());
    packing.clear();
  }

  /// Whether this machine and this model are such that the kernels can work.
  static boolean fit(LlamaModel model) {
    ModelConfig config = model.config();
    return model.precision() == Precision.BF16
        && Vectors.lanes() >= LANES_MIN
        && Vectors.lanes() <= LANES_MAX
        && config.hiddenSize() % GRAIN == 0
        && config.intermediateSize() % GRAIN == 0
        && config.heads() * config.headDim() % GRAIN == 0
        && config.kvHeads() * config.headDim() % GRAIN == 0
        && config.headDim() % (2 * LANES_MAX) == 0;
  }

  private Layer layer(LlamaLayer layer) {
    Map<InputGroup, StripOperand> linears = new EnumMap<>(InputGroup.class);
    for (InputGroup group : InputGroup.values()) {
      linears.put(group, sideBySide(group.linears().stream().map(layer::linear).toList()));
    }
    return new Layer(widened(layer.attentionNorm()), widened(layer.mlpNorm()), linears);
  }

  private StripOperand sideBySide(List<Linear> linears) {
    int in = (int) linears.getFirst().inFeatures();
    int out = linears.stream().mapToInt(linear -> (int) linear.outFeatures()).sum();
    StripOperand operand = StripOperand.allocate(memory, out, in);
    int at = 0;
    for (Linear linear : linears) {
      long from = linear.weight().memory().address();
      int rows = (int) linear.outFeatures();
      for (int first = 0; first < rows; first += GRAIN) {
        var part = new Strided(from + (long) first * in * Short.BYTES, in);
        int count = Math.min(GRAIN, rows - first);
        int channel = at + first;
        packing.add(() -> operand.packBf16(part, count, channel));
      }
      at += rows;
    }
    return operand;
  }

  private long widened(RmsNorm norm) {
    long address = memory.allocate((long) config.hiddenSize() * Float.BYTES);
    VectorRows.widen(address, norm.weight().memory().address(), config.hiddenSize());
    return address;
  }

  ModelConfig config() {
    return config;
  }

  List<Layer> layers() {
    return layers;
  }

  /// Hidden rows to logits.
  StripOperand head() {
    return head;
  }

  /// Address of the last norm's weight, fp32 [hidden].
  long norm() {
    return norm;
  }

  /// Address of a token's row of the embedding, bf16 [hidden].
  long embedding(int token) {
    return embedding + (long) token * config.hiddenSize() * Short.BYTES;
  }

  RotaryTable rotary() {
    return rotary;
  }

  /// Bytes of packed weights.
  long bytes() {
    return memory.bytes();
  }

  @Override
  public void close() {
    memory.close();
  }
}
