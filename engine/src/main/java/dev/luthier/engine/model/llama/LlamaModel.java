package dev.luthier.engine.model.llama;

import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.ModelException;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.model.WeightName;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.nn.RmsNorm;
import dev.luthier.engine.nn.Rotary;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A Llama-family decoder whose weights lie in a base folder.
///
/// Weights that are stored in the compute type are used where the file is mapped, so processes
/// share them; others are converted once, and a GPU gets its copy once. Belongs to the thread that
/// opened it.
public final class LlamaModel implements Decoder {
  private final ModelConfig config;
  private final Precision precision;
  private final @Nullable Safetensors file;
  private final Function<String, Tensor> source;
  private final Scope weights;
  private final Tensor embedding;
  private final List<LlamaLayer> layers;
  private final RmsNorm norm;
  private final Linear head;
  private final Rotary rotary;

  private LlamaModel(
      ModelConfig config,
      Precision precision,
      @Nullable Safetensors file,
      Function<String, Tensor> source,
      Scope weights) {
    this.config = config;
    this.precision = precision;
    this.file = file;
    this.source = source;
    this.weights = weights;
    this.embedding = load(WeightName.EMBEDDING, config.vocabularySize(), config.hiddenSize());
    this.layers = loadLayers();
    this.norm = loadNorm(WeightName.FINAL_NORM);
    this.head =
        config.tiedEmbeddings()
            ? new Linear(embedding)
            : new Linear(load(WeightName.HEAD, config.vocabularySize(), config.hiddenSize()));
    this.rotary = makeRotary();
  }

  public static LlamaModel open(Path baseFolder, Precision precision) throws IOException {
    var config = ModelConfig.read(baseFolder);
    var file = Safetensors.map(baseFolder.resolve("model.safetensors"));
    var weights = Scope.detached();
    try (var _ = Scope.open()) {
      Function<String, Tensor> source =
          name -> Tensor.mapped(file.tensor(name)).onDevice().to(precision.dtype());
      return new LlamaModel(config, precision, file, source, weights);
    } catch (RuntimeException e) {
      weights.close();
      file.close();
      throw e;
    }
  }

  /// A model of the same shape and type on other weights, by Hugging Face's names; it takes them
  /// over.
  public LlamaModel on(Function<String, Tensor> source) {
    return new LlamaModel(config, precision, null, source, Scope.detached());
  }

  @Override
  public ModelConfig config() {
    return config;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  public List<LlamaLayer> layers() {
    return layers;
  }

  /// [V,h]
  public Tensor embedding() {
    return embedding;
  }

  public RmsNorm norm() {
    return norm;
  }

  public Linear head() {
    return head;
  }

  public Rotary rotary() {
    return rotary;
  }

  @Override
  public Tensor hidden(
      Tensor tokens, Tensor positions, Projection projection, AttentionStep attention) {
    try (var scope = Scope.open()) {
      var angles = rotary.at(positions);
      var x = embedding.embedding(tokens); // (N, h)
      for (var layer : layers) {
        var y = layer.forward(x, angles, projection, attention);
        x.close();
        x = y;
      }
      return scope.keep(norm.forward(x));
    }
  }

  @Override
  public Tensor logits(Tensor hidden) {
    return head.forward(hidden);
  }

  /// Tells that the weights are not needed for now: whoever packed them for itself keeps its copies
  /// in memory only. They are read again when they are touched.
  public void unload() {
    if (file != null) {
      file.unload();
    }
  }

  private List<LlamaLayer> loadLayers() {
    var layers = new ArrayList<LlamaLayer>();
    for (int i = 0; i < config.layers(); i++) {
      var linears = new EnumMap<LinearName, Linear>(LinearName.class);
      for (var name : LinearName.values()) {
        linears.put(
            name,
            new Linear(
                load(WeightName.of(i, name), config.outFeatures(name), config.inFeatures(name))));
      }
      layers.add(
          new LlamaLayer(
              i, loadNorm(WeightName.attentionNorm(i)), loadNorm(WeightName.mlpNorm(i)), linears));
    }
    return List.copyOf(layers);
  }

  private RmsNorm loadNorm(String name) {
    return new RmsNorm(load(name, config.hiddenSize()), config.rmsNormEpsilon());
  }

  private Rotary makeRotary() {
    return Rotary.of(
        config.headDim(), config.ropeTheta(), config.maxPositions(), precision, weights);
  }

  private Tensor load(String name, long... shape) {
    var stored = source.apply(name);
    if (!Arrays.equals(stored.shape(), shape)) {
      throw new ModelException(
          "%s: %s has shape %s, but config.json says %s"
              .formatted(
                  file == null ? "weights" : file.file(),
                  name,
                  Arrays.toString(stored.shape()),
                  Arrays.toString(shape)));
    }
    return stored.moveTo(weights);
  }

  @Override
  public void close() {
    weights.close();
    if (file != null) {
      file.close();
    }
  }
}
