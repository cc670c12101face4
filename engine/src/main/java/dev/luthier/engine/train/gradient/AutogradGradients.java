package dev.luthier.engine.train.gradient;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.tensor.Gradients;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.function.UnaryOperator;

/// Gradients by LibTorch's own differentiation of the forward pass: works for every family and is
/// the oracle of hand-written ones, but slower than they are.
public final class AutogradGradients implements GradientSource {
  private final Decoder model;
  private final LoraAdapter adapter;
  private final CausalAttention attention;
  private final Dropout dropout;
  private final AdapterCopies copies;

  public AutogradGradients(Decoder model, LoraAdapter adapter, long seed) {
    this.model = model;
    this.adapter = adapter;
    var config = model.config();
    this.attention = new CausalAttention(config.heads(), config.kvHeads(), config.headDim());
    this.dropout = new Dropout(adapter.settings().dropout(), seed);
    this.copies = new AdapterCopies(adapter, model.precision(), Tensor::asParameter);
  }

  @Override
  public void parametersChanged() {
    copies.renew();
  }

  @Override
  public Tally accumulate(Pack pack, double lossFactor, long dropoutKey, Tensor gradient) {
    try (var _ = Scope.open()) {
      var logits = Gradients.recorded(() -> targetLogits(pack, projection(dropoutKey)));
      var losses = Gradients.recorded(() -> losses(logits, pack));
      Gradients.recorded(() -> losses.sum().mul(lossFactor)).backward();
      var targets = adapter.weightsOf(gradient).pairs();
      for (int i = 0; i < targets.size(); i++) {
        var pair = copies.weights().pairs().get(i);
        targets.get(i).a().addInPlace(pair.a().takeGradient());
        targets.get(i).b().addInPlace(pair.b().takeGradient());
      }
      return tally(logits, losses, pack);
    }
  }

  @Override
  public Tally evaluate(Pack pack) {
    try (var _ = Scope.open()) {
      var logits = targetLogits(pack, copies.weights());
      return tally(logits, losses(logits, pack), pack);
    }
  }

  private Projection projection(long key) {
    if (!dropout.active()) {
      return copies.weights();
    }
    return copies.weights().withInput((layer, name, x) -> x.mul(dropout.mask(key, layer, name, x)));
  }

  /// Logits of the target rows, fp32 [S,V].
  private Tensor targetLogits(Pack pack, Projection projection) {
    var hidden =
        model.hidden(
            Tensor.of(pack.tokens()), Tensor.of(pack.positions()), projection, perDocument(pack));
    return model.logits(hidden.indexSelect(0, Tensor.of(pack.targetRows()))).to(DType.F32);
  }

  private AttentionStep perDocument(Pack pack) {
    return (_, q, k, v) -> {
      var rows = new ArrayList<Tensor>();
      for (var span : pack.documents()) {
        UnaryOperator<Tensor> cut = all -> all.narrow(0, span.start(), span.length());
        rows.add(attention.forward(cut.apply(q), cut.apply(k), cut.apply(v)));
      }
      return Tensor.cat(0, rows);
    };
  }

  /// -log softmax at the targets: logits [S,V] -> [S]
  private static Tensor losses(Tensor logits, Pack pack) {
    var chosen = logits.gather(1, Tensor.of(pack.targetTokens()).unsqueeze(1)).view(pack.targets());
    return logits.logSumExp(-1).sub(chosen);
  }

  private static Tally tally(Tensor logits, Tensor losses, Pack pack) {
    long correct =
        (long) logits.argmaxLast().eq(Tensor.of(pack.targetTokens())).to(DType.F32).sum().item();
    return new Tally(losses.sum().item(), correct, pack.targets());
  }

  @Override
  public void close() {
    copies.close();
  }
}
