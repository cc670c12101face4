package dev.luthier.engine.infer;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraWeights;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Passes on LibTorch's operations: any family, any machine, any precision.
final class TensorModel implements BatchModel<KeyValueCache, TensorModel.Adapter> {
  private final Decoder decoder;

  /// Takes the decoder over.
  TensorModel(Decoder decoder) {
    this.decoder = decoder;
  }

  record Adapter(Scope owner, LoraWeights weights) implements BatchModel.Adapter {
    @Override
    public void close() {
      owner.close();
    }
  }

  @Override
  public ModelConfig config() {
    return decoder.config();
  }

  @Override
  public Adapter load(AdapterRef adapter) throws IOException {
    Scope owner = Scope.detached();
    try (LoraAdapter read = PeftFolder.read(adapter.folder(), decoder.config());
        Scope _ = Scope.open()) {
      DType type = decoder.precision().dtype();
      LoraWeights weights = read.weightsOf(read.parameters().to(type).moveTo(owner));
      weights
          .pairs()
          .forEach(pair -> {
            pair.a().moveTo(owner);
            pair.b().moveTo(owner);
          });
      return new Adapter(owner, weights);
    } catch (IOException | RuntimeException e) {
      owner.close();
      throw e;
    }
  }

  @Override
  public KeyValueCache begin(int[] prompt, Optional<Adapter> adapter, int rowsMax) {
    return new KeyValueCache(decoder.config(), decoder.precision().dtype(), rowsMax);
  }

  @Override
  public void run(List<Rows<KeyValueCache, Adapter>> pass, LogitsReader reader) {
    try (Scope _ = Scope.open()) {
      pass.forEach(rows -> rows.cache().reserve(rows.tokens().length));
      Tensor hidden =
          decoder.hidden(tokens(pass), positions(pass), projection(pass), attention(pass));
      pass.forEach(rows -> rows.cache().advance(rows.tokens().length));
      readLogits(pass, hidden, reader);
    }
  }

  private static Tensor tokens(List<Rows<KeyValueCache, Adapter>> pass) {
    return Tensor.of(pass.stream().flatMapToInt(rows -> IntStream.of(rows.tokens())).toArray());
  }

  private static Tensor positions(List<Rows<KeyValueCache, Adapter>> pass) {
    return Tensor.of(
        pass.stream()
            .flatMapToInt(rows -> {
              int start = rows.cache().length();
              return IntStream.range(start, start + rows.tokens().length);
            })
            .toArray());
  }

  private static BatchProjection projection(List<Rows<KeyValueCache, Adapter>> pass) {
    List<BatchProjection.Group> groups = new ArrayList<>();
    Optional<Adapter> before = Optional.empty();
    int start = 0;
    for (Rows<KeyValueCache, Adapter> rows : pass) {
      int count = rows.tokens().length;
      if (rows.adapter().isPresent() && rows.adapter().equals(before)) {
        BatchProjection.Group last = groups.removeLast();
        groups.add(new BatchProjection.Group(last.adapter(), last.start(), last.rows() + count));
      } else if (rows.adapter().isPresent()) {
        groups.add(new BatchProjection.Group(rows.adapter().get().weights(), start, count));
      }
      before = rows.adapter();
      start += count;
    }
    return new BatchProjection(groups);
  }

  private BatchAttention attention(List<Rows<KeyValueCache, Adapter>> pass) {
    List<BatchAttention.Part> parts = new ArrayList<>();
    int start = 0;
    for (Rows<KeyValueCache, Adapter> rows : pass) {
      parts.add(new BatchAttention.Part(rows.cache(), start, rows.tokens().length));
      start += rows.tokens().length;
    }
    return new BatchAttention(decoder.config(), decoder.precision().dtype(), parts);
  }

  private void readLogits(
      List<Rows<KeyValueCache, Adapter>> pass, Tensor hidden, LogitsReader reader) {
    List<Integer> sampled = new ArrayList<>();
    List<Integer> ends = new ArrayList<>();
    int end = -1;
    for (int i = 0; i < pass.size(); i++) {
      end += pass.get(i).tokens().length;
      if (pass.get(i).sampled()) {
        sampled.add(i);
        ends.add(end);
      }
    }
    if (sampled.isEmpty()) {
      return;
    }
    Tensor last = Tensor.of(ends.stream().mapToInt(Integer::intValue).toArray());
    Tensor logits = decoder.logits(hidden.indexSelect(0, last)).to(DType.F32); // (M, V)
    int columns = decoder.config().vocabularySize();
    float[] all = logits.toFloats(); // Together: a GPU is waited for once.
    for (int i = 0; i < sampled.size(); i++) {
      reader.read(sampled.get(i), Arrays.copyOfRange(all, i * columns, (i + 1) * columns));
    }
  }

  @Override
  public void close() {
    decoder.close();
  }
}
