package dev.luthier.engine.infer;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaModel;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Passes on the processor's matrix units: weights in bytes, activations in 16 bits (in 8 while a
/// prompt is read), keys and values in bf16, all in raw memory, no LibTorch operation and no
/// OpenMP.
final class PackedModel implements BatchModel<RawCache, PackedAdapter> {
  private static final Logger LOG = LoggerFactory.getLogger(PackedModel.class);

  /// What prompts that were read may take.
  private static final long PREFIX_BYTES_MAX = 256L << 20;

  private final LlamaModel model;
  private final Crew crew;
  private final PackedWeights weights;
  private final PackedPass pass;
  private final PrefixStore prefixes;

  /// Takes over a model that the packed weights fit.
  PackedModel(LlamaModel model, GeneratorSettings settings) {
    long start = System.nanoTime();
    this.model = model;
    this.crew = new Crew("decode", settings.threads());
    this.weights = new PackedWeights(model, crew);
    int rowsMax = Math.max(DecodeStep.ROWS_MAX, settings.batchMax()) + DecodeStep.ROWS_MAX / 4;
    this.pass = new PackedPass(weights, crew, rowsMax, settings.batchMax());
    this.prefixes = new PrefixStore(model.config(), PREFIX_BYTES_MAX);
    LOG.info(
        "{} MB of weights packed in bytes in {} ms, {} threads",
        weights.bytes() >> 20,
        (System.nanoTime() - start) / 1_000_000,
        crew.size());
  }

  @Override
  public ModelConfig config() {
    return model.config();
  }

  @Override
  public PackedAdapter load(AdapterRef adapter) throws IOException {
    return PackedAdapter.read(adapter.folder(), model.config(), prefixes::forget);
  }

  @Override
  public RawCache begin(int[] prompt, Optional<PackedAdapter> adapter, int rowsMax) {
    var cache = new RawCache(model.config(), prompt, adapter, rowsMax);
    prefixes.recall(cache);
    return cache;
  }

  @Override
  public void run(List<Rows<RawCache, PackedAdapter>> rows, LogitsReader reader) {
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
    weights.close();
    model.close();
  }
}
