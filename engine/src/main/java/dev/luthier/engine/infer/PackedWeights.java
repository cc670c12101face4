package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.ByteOperand;
import dev.luthier.engine.kernel.Memory;
import dev.luthier.engine.kernel.Strided;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaLayer;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Precision;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/// The weights of a Llama-family base for decoding: linears and head in bytes, packed once when the
/// base is opened; norms and embedding where the model keeps them, in bf16.
///
/// The linears of queries, keys and values lie side by side in one operand, so do gate and up.
final class PackedWeights implements AutoCloseable {
  /// What the kernels ask of a dimension that is cut into blocks of columns.
  private static final int GRAIN = ByteOperand.BLOCK;

  private static final int HEAD_DIM_GRAIN = 32;
  private static final int HEAD_DIM_MAX = 256;
  private static final int HEADS_PER_KEY_MAX = 16;
  private static final int VECTOR_BITS = 512;

  /// Rows of a weight matrix that one task packs.
  private static final int ROWS_A_TASK = 8 * GRAIN;

  /// One block of the model. Norms are addresses of bf16 [hidden].
  record Layer(
      long attentionNorm,
      ByteOperand qkv,
      ByteOperand o,
      long mlpNorm,
      ByteOperand gateUp,
      ByteOperand down) {}

  private final ModelConfig config;
  private final Memory memory = new Memory();
  private final List<Runnable> packing = new ArrayList<>();
  private final List<Layer> layers = new ArrayList<>();
  private final ByteOperand head;
  private final long norm;
  private final long embedding;
  private final RotaryTable rotary;

  /// Packs the weights of a model that [#fit] with all of the crew. The model stays open as long as
  /// this.
  PackedWeights(LlamaModel model, Crew crew) {
    this.config = model.config();
    for (LlamaLayer layer : model.layers()) {
      layers.add(layer(layer));
    }
    this.norm = model.norm().weight().memory().address();
    this.embedding = model.embedding().memory().address();
    this.head = sideBySide(List.of(model.head()));
    this.rotary = RotaryTable.of(model.rotary(), config.headDim(), memory);
    crew.each(packing.size(), (_, index) -> packing.get(index).run());
    packing.clear();
  }

  /// Whether this machine and this model are such that the kernels can work.
  static boolean fit(LlamaModel model) {
    ModelConfig config = model.config();
    return model.precision() == Precision.BF16
        && config.hiddenSize() % GRAIN == 0
        && config.intermediateSize() % GRAIN == 0
        && config.heads() * config.headDim() % GRAIN == 0
        && config.kvHeads() * config.headDim() % GRAIN == 0
        && config.headDim() % HEAD_DIM_GRAIN == 0
        && config.headDim() <= HEAD_DIM_MAX
        && config.heads() / config.kvHeads() <= HEADS_PER_KEY_MAX
        && FloatVector.SPECIES_PREFERRED.vectorBitSize() >= VECTOR_BITS
        && Brgemm.isAvailable();
  }

  private Layer layer(LlamaLayer layer) {
    return new Layer(
        layer.attentionNorm().weight().memory().address(),
        sideBySide(
            List.of(
                layer.linear(LinearName.Q_PROJ),
                layer.linear(LinearName.K_PROJ),
                layer.linear(LinearName.V_PROJ))),
        sideBySide(List.of(layer.linear(LinearName.O_PROJ))),
        layer.mlpNorm().weight().memory().address(),
        sideBySide(List.of(layer.linear(LinearName.GATE_PROJ), layer.linear(LinearName.UP_PROJ))),
        sideBySide(List.of(layer.linear(LinearName.DOWN_PROJ))));
  }

  /// One operand for linears that read the same rows, still to be packed.
  private ByteOperand sideBySide(List<Linear> linears) {
    int in = (int) linears.getFirst().inFeatures();
    int out = linears.stream().mapToInt(linear -> (int) linear.outFeatures()).sum();
    ByteOperand operand = ByteOperand.allocate(memory, out, in);
    int at = 0;
    for (Linear linear : linears) {
      long from = linear.weight().memory().address();
      int rows = (int) linear.outFeatures();
      for (int first = 0; first < rows; first += ROWS_A_TASK) {
        var part = new Strided(from + (long) first * in * Short.BYTES, in);
        int count = Math.min(ROWS_A_TASK, rows - first);
        int widthAt = at + first;
        packing.add(() -> operand.pack(part, count, widthAt));
      }
      at += rows;
    }
    return operand;
  }

  ModelConfig config() {
    return config;
  }

  List<Layer> layers() {
    return layers;
  }

  /// Hidden rows to logits.
  ByteOperand head() {
    return head;
  }

  /// Address of the last norm's weight, bf16 [hidden].
  long norm() {
    return norm;
  }

  /// Address of the embedding, bf16 [V,hidden].
  long embedding() {
    return embedding;
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
