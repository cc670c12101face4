package dev.luthier.engine.train.gradient;

import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.nn.DocumentAttention;
import dev.luthier.engine.tensor.Gradients;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Gradients by LibTorch's own differentiation of the forward pass: works for every family and is
/// the oracle of hand-written ones, but slower than they are.
public final class AutogradGradients implements GradientSource {
  private final Parameters parameters;
  private final CausalAttention attention;

  /// What is differentiated with respect to, in the type that products are computed in.
  private interface Parameters extends AutoCloseable {
    /// The model to run.
    Decoder model();

    /// Whether each document's rows are dropped apart.
    boolean drop();

    Projection recorded(long dropoutKey);

    Projection plain();

    void renew();

    /// Adds the gradients that are recorded to the flat array.
    void addTo(Tensor gradient);

    @Override
    void close();
  }

  public AutogradGradients(Decoder model, LoraAdapter adapter, long seed) {
    this(new OfAdapter(model, adapter, seed));
  }

  public AutogradGradients(LlamaModel model, FullWeights weights) {
    this(new OfModel(model, weights));
  }

  private AutogradGradients(Parameters parameters) {
    this.parameters = parameters;
    var config = parameters.model().config();
    this.attention = new CausalAttention(config.heads(), config.kvHeads(), config.headDim());
  }

  private static final class OfAdapter implements Parameters {
    private final Decoder model;
    private final LoraAdapter adapter;
    private final Dropout dropout;
    private final AdapterCopies copies;

    OfAdapter(Decoder model, LoraAdapter adapter, long seed) {
      this.model = model;
      this.adapter = adapter;
      this.dropout = new Dropout(adapter.settings().dropout(), seed);
      this.copies = new AdapterCopies(adapter, model.precision(), Tensor::asParameter);
    }

    @Override
    public Decoder model() {
      return model;
    }

    @Override
    public boolean drop() {
      return dropout.active();
    }

    @Override
    public Projection recorded(long key) {
      if (!drop()) {
        return copies.weights();
      }
      return copies
          .weights()
          .withInput((layer, name, x) -> x.mul(dropout.mask(key, layer, name, x)));
    }

    @Override
    public Projection plain() {
      return copies.weights();
    }

    @Override
    public void renew() {
      copies.renew();
    }

    @Override
    public void addTo(Tensor gradient) {
      var targets = adapter.weightsOf(gradient).pairs();
      for (int i = 0; i < targets.size(); i++) {
        var pair = copies.weights().pairs().get(i);
        targets.get(i).a().addInPlace(pair.a().takeGradient());
        targets.get(i).b().addInPlace(pair.b().takeGradient());
      }
    }

    @Override
    public void close() {
      copies.close();
    }
  }

  /// A model on copies of the masters; in fp32 on the masters themselves.
  private static final class OfModel implements Parameters {
    private final LlamaModel shape;
    private final FullWeights weights;
    private final Map<String, Tensor> leaves = new HashMap<>();
    private LlamaModel model;

    OfModel(LlamaModel shape, FullWeights weights) {
      this.shape = shape;
      this.weights = weights;
      this.model = copy();
    }

    private LlamaModel copy() {
      try (var _ = Scope.open()) {
        return shape.on(this::leaf);
      }
    }

    private Tensor leaf(String name) {
      var master = FullWeights.view(weights.parameters(), weights.layout().slot(name));
      var leaf = master.to(shape.precision().dtype()).asParameter();
      leaves.put(name, leaf);
      return leaf;
    }

    @Override
    public Decoder model() {
      return model;
    }

    @Override
    public boolean drop() {
      return false;
    }

    @Override
    public Projection recorded(long key) {
      return Projection.plain();
    }

    @Override
    public Projection plain() {
      return Projection.plain();
    }

    @Override
    public void renew() {
      model.close();
      leaves.clear();
      model = copy();
    }

    @Override
    public void addTo(Tensor gradient) {
      leaves.forEach((name, leaf) ->
          FullWeights.view(gradient, weights.layout().slot(name)).addInPlace(leaf.takeGradient()));
    }

    @Override
    public void close() {
      model.close();
    }
  }

  @Override
  public void parametersChanged() {
    parameters.renew();
  }

  @Override
  public boolean sharesPrefixes() {
    return !parameters.drop();
  }

  @Override
  public Tally accumulate(Pack pack, LossWeights weights, long dropoutKey, Tensor gradient) {
    try (var scope = Scope.open()) {
      var logits = Gradients.recorded(() -> targetLogits(pack, parameters.recorded(dropoutKey)));
      var losses = Gradients.recorded(() -> losses(logits, pack));
      Gradients.recorded(() -> weighted(losses, logits, weights, pack)).backward();
      parameters.addTo(gradient);
      return Tally.unread(scope.keep(sums(logits, losses, pack)), pack.targets());
    }
  }

  private static Tensor weighted(Tensor losses, Tensor logits, LossWeights weights, Pack pack) {
    return switch (weights) {
      case LossWeights.Even(var weight) -> losses.sum().mul(weight);
      case LossWeights.Found found ->
          losses.mul(Tensor.of(found.of(seen(logits, losses, pack)), pack.targets())).sum();
    };
  }

  private static TargetLosses seen(Tensor logits, Tensor losses, Pack pack) {
    var right = logits.argmaxLast().eq(Tensor.of(pack.targetTokens())).to(DType.F32);
    return TargetLosses.of(losses.toFloats(), right.toFloats());
  }

  @Override
  public TargetLosses losses(Pack pack) {
    try (var _ = Scope.open()) {
      var logits = targetLogits(pack, parameters.plain());
      return seen(logits, losses(logits, pack), pack);
    }
  }

  @Override
  public Tally evaluate(Pack pack) {
    try (var scope = Scope.open()) {
      var logits = targetLogits(pack, parameters.plain());
      var sums = sums(logits, losses(logits, pack), pack);
      return Tally.unread(scope.keep(sums), pack.targets());
    }
  }

  /// Logits of the target rows, fp32 [S,V].
  private Tensor targetLogits(Pack pack, Projection projection) {
    var model = parameters.model();
    var hidden =
        model.hidden(
            Tensor.of(pack.tokens()), Tensor.of(pack.positions()), projection, perDocument(pack));
    return model.logits(hidden.indexSelect(0, Tensor.of(pack.targetRows()))).to(DType.F32);
  }

  private AttentionStep perDocument(Pack pack) {
    var documents = new DocumentAttention(attention, pack.documents());
    return (_, q, k, v) -> documents.forward(q, k, v).rows();
  }

  /// -log softmax at the targets: logits [S,V] -> [S]
  private static Tensor losses(Tensor logits, Pack pack) {
    var chosen = logits.gather(1, Tensor.of(pack.targetTokens()).unsqueeze(1)).view(pack.targets());
    return logits.logSumExp(-1).sub(chosen);
  }

  /// Sums of the losses and of right choices [2], not read yet.
  private static Tensor sums(Tensor logits, Tensor losses, Pack pack) {
    var right = logits.argmaxLast().eq(Tensor.of(pack.targetTokens())).to(DType.F32).sum();
    return Tensor.cat(0, List.of(losses.sum().view(1), right.view(1)));
  }

  @Override
  public void close() {
    parameters.close();
  }
}
