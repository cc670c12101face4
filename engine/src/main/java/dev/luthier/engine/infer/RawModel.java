package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes by the engine's own kernels: weights in bytes, keys and values in bf16, all in raw
/// memory, no LibTorch operation and no OpenMP. On matrix units activations have 16 bits, or 8
/// while a prompt is read; on vectors they are fp32.
final class RawModel<A extends BatchModel.Adapter> implements BatchModel<RawCache, A> {
  private static final Logger LOG = LoggerFactory.getLogger(RawModel.class);

  /// What prompts that were read may take.
  private static final long PREFIX_BYTES_MAX = 256L << 20;

  /// Packs a model with all of a crew, for passes of `rowsMax` rows, `sampledMax` of them sampled.
  @FunctionalInterface
  private interface Packing<A extends BatchModel.Adapter> {
    RawPass<A> pack(LlamaModel model, Crew crew, int rowsMax, int sampledMax);
  }

  private final LlamaModel model;
  private final Crew crew;
  private final RawPass<A> pass;
  private final PrefixStore prefixes;

  private RawModel(LlamaModel model, GeneratorSettings settings, Packing<A> packing) {
    long start = System.nanoTime();
    this.model = model;
    this.crew = new Crew("decode", settings.threads());
    int rowsMax = Math.max(DecodeStep.ROWS_MAX, settings.batchMax()) + DecodeStep.ROWS_MAX / 4;
    this.pass = packing.pack(model, crew, rowsMax, settings.batchMax());
    this.prefixes = new PrefixStore(model.config(), PREFIX_BYTES_MAX);
    LOG.info(
        "{} MB of weights packed in bytes in {} ms, {} threads",
        pass.weightBytes() >> 20,
        (System.nanoTime() - start) / 1_000_000,
        crew.size());
  }

  /// Takes over a model in bf16, if this machine and its shape are such that the kernels can work:
  /// on matrix units, unless the settings ask for fp32, else on vectors.
  static Optional<RawModel<?>> of(LlamaModel model, GeneratorSettings settings) {
    if (settings.precision() == Precision.BF16 && PackedWeights.fit(model)) {
      return Optional.of(onMatrixUnits(model, settings));
    }
    return VectorWeights.fit(model) ? Optional.of(onVectors(model, settings)) : Optional.empty();
  }

  /// Takes over a model that [PackedWeights#fit].
  static RawModel<PackedAdapter> onMatrixUnits(LlamaModel model, GeneratorSettings settings) {
    return new RawModel<>(
        model,
        settings,
        (base, crew, rowsMax, sampledMax) ->
            new PackedPass(new PackedWeights(base, crew), crew, rowsMax, sampledMax));
  }

  /// Takes over a model that [VectorWeights#fit].
  static RawModel<VectorAdapter> onVectors(LlamaModel model, GeneratorSettings settings) {
    return new RawModel<>(
        model,
        settings,
        (base, crew, rowsMax, sampledMax) ->
            new VectorPass(new VectorWeights(base, crew), crew, rowsMax, sampledMax));
  }

  @Override
  public ModelConfig config() {
    return model.config();
  }

  @Override
  public A load(AdapterRef adapter) throws IOException {
    return pass.read(adapter.folder(), prefixes::forget);
  }

  @Override
  public RawCache begin(int[] prompt, Optional<A> adapter, int rowsMax) {
    var cache = new RawCache(model.config(), prompt, adapter, rowsMax);
    prefixes.recall(cache);
    return cache;
  }

  @Override
  public void run(List<Rows<RawCache, A>> rows, LogitsReader reader) {
    rows.forEach(each -> each.cache().reserve(each.tokens().length));
    pass.run(
        rows,
        () -> rows.forEach(each -> prefixes.advance(each.cache(), each.tokens().length)),
        reader);
  }

  @Override
  public void close() {
    crew.close();
    prefixes.close();
    pass.close();
    model.close();
  }
}
