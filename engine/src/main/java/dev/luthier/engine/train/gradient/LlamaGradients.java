package dev.luthier.engine.train.gradient;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraWeights;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaLayer;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.nn.PackAttention;
import dev.luthier.engine.nn.Rotary;
import dev.luthier.engine.tensor.FlashAttention;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.SavedLayer.Kept;
import dev.luthier.engine.train.gradient.SavedLayer.SavedLinear;
import dev.luthier.engine.weights.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The Llama family's gradients written out by hand.
///
/// Against recorded differentiation this saves: the gradients of frozen weights, which are never
/// formed; most of the elementwise passes; the logits, whose gradient is formed at once, on target
/// rows only; and the first layer's input gradient. Activations are in the compute type; losses,
/// softmax of the head, norms and the flat gradient are fp32.
public final class LlamaGradients implements GradientSource {
  /// Target rows whose logits are in memory at once.
  private static final int HEAD_ROWS = 256;

  private final LlamaModel model;
  private final LoraAdapter adapter;
  private final FrozenProducts frozen;
  private final Dropout dropout;
  private final AdapterCopies copies;

  /// On frozen weights as they are, by operators.
  public LlamaGradients(LlamaModel model, LoraAdapter adapter, long seed) {
    this(model, adapter, seed, new OperatorProducts(model));
  }

  /// @param frozen how frozen weights are multiplied; taken over
  LlamaGradients(LlamaModel model, LoraAdapter adapter, long seed, FrozenProducts frozen) {
    this.model = model;
    this.frozen = frozen;
    this.adapter = adapter;
    this.dropout = new Dropout(adapter.settings().dropout(), seed);
    this.copies = new AdapterCopies(adapter, model.precision(), UnaryOperator.identity());
  }

  @Override
  public void parametersChanged() {
    copies.renew();
  }

  /// Not where each document's rows are dropped apart, nor in a GPU's flash attention.
  @Override
  public boolean sharesPrefixes() {
    return !dropout.active() && !FlashAttention.fits(model.config().headDim(), model.precision());
  }

  @Override
  public Tally accumulate(Pack pack, LossWeights weights, long dropoutKey, Tensor gradient) {
    try (var scope = Scope.open();
        var pass = new Pass(PackTensors.of(pack), dropoutKey, gradient)) {
      var layers = model.layers();
      layers.forEach(pass::forward);
      var head = head(pass.input(layers.size()), pass.pack, weights);
      var dx = head.gradient();
      for (int i = layers.size() - 1; i >= 0; i--) {
        var below = pass.backward(layers.get(i), dx);
        dx.close();
        pass.release(i);
        dx = below;
      }
      return Tally.unread(scope.keep(head.sums()), pack.targets());
    }
  }

  @Override
  public TargetLosses losses(Pack pack) {
    try (var _ = Scope.open()) {
      var tensors = PackTensors.of(pack);
      return seen(targetRows(tensors), tensors);
    }
  }

  /// The normed rows that the head looks at [S,h], without dropout; to the last bit those of a
  /// training pass, so that what is compared with it differs by nothing but the weights.
  private Tensor targetRows(PackTensors tensors) {
    var attention = tensors.attention(model.config(), model.precision());
    var hidden =
        model.hidden(
            tensors.tokens(),
            tensors.positions(),
            copies.weights().beside((layer, name, _, x) -> frozen.forward(layer, name, x)),
            (_, q, k, v) -> attention.forward(q, k, v).rows());
    return hidden.indexSelect(0, tensors.targetRows());
  }

  @Override
  public Tally evaluate(Pack pack) {
    try (var scope = Scope.open()) {
      var tensors = PackTensors.of(pack);
      var rows = targetRows(tensors);
      var sums = Tensor.zeros(DType.F64, 2);
      for (int start = 0; start < pack.targets(); start += HEAD_ROWS) {
        int count = Math.min(HEAD_ROWS, pack.targets() - start);
        try (var _ = Scope.open()) {
          chunk(rows, tensors, start, count, sums);
        }
      }
      return Tally.unread(scope.keep(sums), pack.targets());
    }
  }

  @Override
  public void close() {
    copies.close();
    frozen.close();
  }

  // The loss head -------------------------------------------------------------------------------

  /// What the head gives back: sums of losses and of right choices [2], and the gradient of the
  /// last layer's output [N,h].
  private record HeadResult(Tensor sums, Tensor gradient) {}

  /// A chunk of target rows: logits [C,V] in fp32, log of the sum of their exponentials, targets,
  /// their losses and whether they are the likeliest, all [C,1].
  private record Chunk(Tensor logits, Tensor logSum, Tensor targets, Tensor losses, Tensor right) {}

  /// x [N,h] of the last layer -> losses and dx [N,h]
  private HeadResult head(Tensor x, PackTensors pack, LossWeights weights) {
    try (var scope = Scope.open()) {
      var rows = x.indexSelect(0, pack.targetRows()); // (S, h)
      var inverse = model.norm().inverseRms(rows);
      var normed = model.norm().forward(rows, inverse);
      var parts = new ArrayList<Tensor>();
      var sums = Tensor.zeros(DType.F64, 2);
      int targets = pack.pack().targets();
      var factors = factors(weights, normed, pack); // (S, 1)
      for (int start = 0; start < targets; start += HEAD_ROWS) {
        int count = Math.min(HEAD_ROWS, targets - start);
        try (var inner = Scope.open()) {
          var chunk = chunk(normed, pack, start, count, sums);
          // d loss / d logits = softmax - onehot, formed on the logits' own memory.
          var g = chunk.logits().subInPlace(chunk.logSum()).expInPlace();
          g.scatterAddInPlace(1, chunk.targets(), Tensor.filled(-1, DType.F32, count, 1));
          g.mulInPlace(factors.narrow(0, start, count));
          parts.add(inner.keep(model.head().backward(g.to(x.type())))); // (C, h)
        }
      }
      var dNormed = parts.size() == 1 ? parts.getFirst() : Tensor.cat(0, parts);
      var dRows = model.norm().backward(dNormed, rows, inverse);
      var dx = Tensor.zeros(x.type(), x.shape());
      dx.indexAddInPlace(0, pack.targetRows(), dRows);
      return new HeadResult(scope.keep(sums), scope.keep(dx));
    }
  }

  /// What each target's loss counts: [S,1]. Where that follows from the losses, the logits are made
  /// once more than they would be: those of a whole pack may not fit into memory.
  private Tensor factors(LossWeights weights, Tensor normed, PackTensors pack) {
    int targets = pack.pack().targets();
    return switch (weights) {
      case LossWeights.Even(var weight) -> Tensor.filled(weight, DType.F32, targets, 1);
      case LossWeights.Found found -> Tensor.of(found.of(seen(normed, pack)), targets, 1);
    };
  }

  private TargetLosses seen(Tensor normed, PackTensors pack) {
    int targets = pack.pack().targets();
    var losses = new float[targets];
    var marks = new float[targets];
    for (int start = 0; start < targets; start += HEAD_ROWS) {
      int count = Math.min(HEAD_ROWS, targets - start);
      try (var _ = Scope.open()) {
        var chunk = chunk(normed, pack, start, count);
        System.arraycopy(chunk.losses().toFloats(), 0, losses, start, count);
        System.arraycopy(chunk.right().to(DType.F32).toFloats(), 0, marks, start, count);
      }
    }
    return TargetLosses.of(losses, marks);
  }

  /// Adds the chunk's losses and right choices to `sums`.
  private Chunk chunk(Tensor normed, PackTensors pack, int start, int count, Tensor sums) {
    var chunk = chunk(normed, pack, start, count);
    sums.narrow(0, 0, 1).addInPlace(chunk.losses().sum());
    sums.narrow(0, 1, 1).addInPlace(chunk.right().to(DType.F32).sum());
    return chunk;
  }

  private Chunk chunk(Tensor normed, PackTensors pack, int start, int count) {
    var logits = model.logits(normed.narrow(0, start, count)).to(DType.F32); // (C, V)
    var targets = pack.targetTokens().narrow(0, start, count).unsqueeze(1); // (C, 1)
    var logSum = logits.logSumExp(-1).unsqueeze(1);
    var losses = logSum.sub(logits.gather(1, targets));
    var right = logits.argmaxLast().unsqueeze(1).eq(targets);
    return new Chunk(logits, logSum, targets, losses, right);
  }

  // The layers ----------------------------------------------------------------------------------

  /// One pack on its way through the layers and back.
  private final class Pass implements AutoCloseable {
    private final PackTensors pack;
    private final PackAttention attention;
    private final long dropoutKey;
    private final LoraWeights gradients;
    private final Rotary.Angles angles;
    private final Tensor embedded; // (N, h)
    private final List<SavedLayer> saved = new ArrayList<>();

    Pass(PackTensors pack, long dropoutKey, Tensor gradient) {
      this.pack = pack;
      this.attention = pack.attention(model.config(), model.precision());
      this.dropoutKey = dropoutKey;
      this.gradients = adapter.weightsOf(gradient);
      this.angles = model.rotary().at(pack.positions());
      this.embedded = model.embedding().embedding(pack.tokens());
    }

    /// The rows that go into a layer, or out of the last: [N,h]
    Tensor input(int layer) {
      return layer == 0 ? embedded : saved.get(layer - 1).get(Kept.OUTPUT);
    }

    /// Frees what a layer has kept, once its backward is done.
    void release(int layer) {
      saved.get(layer).close();
    }

    void forward(LlamaLayer layer) {
      var keep = new SavedLayer();
      saved.add(keep);
      try (var _ = Scope.open()) {
        var x = input(layer.index());
        var inputRms = keep.keep(Kept.INPUT_RMS, layer.attentionNorm().inverseRms(x));
        var a = layer.attentionNorm().forward(x, inputRms);
        var q = angles.turn(project(layer, LinearName.Q_PROJ, a, keep)); // (N, H*D)
        var k = angles.turn(project(layer, LinearName.K_PROJ, a, keep)); // (N, KV*D)
        var v = project(layer, LinearName.V_PROJ, a, keep);
        var attended =
            keep.keep(
                attention.forward(
                    keep.keep(Kept.Q, q), keep.keep(Kept.K, k), keep.keep(Kept.V, v)));
        var middle = project(layer, LinearName.O_PROJ, attended, keep).addInPlace(x);
        keep.keep(Kept.MIDDLE, middle);
        var middleRms = keep.keep(Kept.MIDDLE_RMS, layer.mlpNorm().inverseRms(middle));
        var m = layer.mlpNorm().forward(middle, middleRms);
        var gate = keep.keep(Kept.GATE, project(layer, LinearName.GATE_PROJ, m, keep)); // (N, f)
        var up = keep.keep(Kept.UP, project(layer, LinearName.UP_PROJ, m, keep));
        var h = gate.silu().mulInPlace(up);
        keep.keep(Kept.OUTPUT, project(layer, LinearName.DOWN_PROJ, h, keep).addInPlace(middle));
      }
    }

    /// The gradient of the layer's output [N,h] -> that of its input. The lowest layer has nothing
    /// to train below it and gives back what it got.
    Tensor backward(LlamaLayer layer, Tensor dOutput) {
      var keep = saved.get(layer.index());
      try (var scope = Scope.open()) {
        // out = middle + down(silu(gate) * up)
        var dh = unproject(layer, LinearName.DOWN_PROJ, dOutput, keep);
        var gate = keep.get(Kept.GATE);
        var dUp = gate.silu().mulInPlace(dh);
        var dGate = gate.siluBackward(dh.mulInPlace(keep.get(Kept.UP)));
        var dm = unproject(layer, LinearName.GATE_PROJ, dGate, keep);
        unprojectInto(dm, layer, LinearName.UP_PROJ, dUp, keep);
        var middle = keep.get(Kept.MIDDLE);
        var dMiddle =
            layer.mlpNorm().backward(dm, middle, keep.get(Kept.MIDDLE_RMS)).addInPlace(dOutput);

        // middle = x + o(attention(turn(q(a)), turn(k(a)), v(a)))
        var dAttended = unproject(layer, LinearName.O_PROJ, dMiddle, keep);
        var d =
            attention.backward(
                keep.get(Kept.Q), keep.get(Kept.K), keep.get(Kept.V), keep.attended(), dAttended);
        var dq = angles.turnBack(d.q());
        var dk = angles.turnBack(d.k());
        if (layer.index() == 0) {
          trainAdapter(layer, LinearName.Q_PROJ, dq, keep);
          trainAdapter(layer, LinearName.K_PROJ, dk, keep);
          trainAdapter(layer, LinearName.V_PROJ, d.v(), keep);
          return scope.keep(dMiddle);
        }
        var da = unproject(layer, LinearName.Q_PROJ, dq, keep);
        unprojectInto(da, layer, LinearName.K_PROJ, dk, keep);
        unprojectInto(da, layer, LinearName.V_PROJ, d.v(), keep);
        var dInput =
            layer.attentionNorm().backward(da, input(layer.index()), keep.get(Kept.INPUT_RMS));
        return scope.keep(dInput.addInPlace(dMiddle));
      }
    }

    /// y = x W^T + s (x A^T) B^T, keeping what the adapter's gradients need
    private Tensor project(LlamaLayer layer, LinearName name, Tensor x, SavedLayer keep) {
      var y = frozen.forward(layer.index(), name, x);
      var pair = copies.weights().at(layer.index(), name);
      if (pair.isPresent()) {
        var mask = dropout.active() ? dropoutMask(layer, name, x) : null;
        var seen = mask == null ? x : x.mul(mask);
        var low = seen.linear(pair.get().a()); // (N, r)
        y.addMatmulInPlace(low, pair.get().b().transpose(0, 1), 1, copies.weights().scale());
        keep.linears.put(name, new SavedLinear(seen, low, mask));
        for (var tensor : new Tensor[] {seen, low, mask}) {
          if (tensor != null) {
            tensor.moveTo(keep.scope);
          }
        }
      }
      return y;
    }

    private Tensor dropoutMask(LlamaLayer layer, LinearName name, Tensor x) {
      return dropout.mask(dropoutKey, layer.index(), name, x);
    }

    /// The gradient of a linear's input: dX = dY W + s Q A, with Q = dY B.
    private Tensor unproject(LlamaLayer layer, LinearName name, Tensor dy, SavedLayer keep) {
      var dx = frozen.backward(layer.index(), name, dy);
      trainAdapter(layer, name, dy, keep).ifPresent(q -> throughAdapter(layer, name, q, keep, dx));
      return dx;
    }

    /// The same, added to the gradient that other readers of the input have left in `dx`.
    private void unprojectInto(
        Tensor dx, LlamaLayer layer, LinearName name, Tensor dy, SavedLayer keep) {
      frozen.backwardInto(dx, layer.index(), name, dy);
      trainAdapter(layer, name, dy, keep).ifPresent(q -> throughAdapter(layer, name, q, keep, dx));
    }

    /// dB += s dY^T (x A^T), dA += s Q^T x; gives back Q = dY B [N,r] where there is an adapter.
    private Optional<Tensor> trainAdapter(
        LlamaLayer layer, LinearName name, Tensor dy, SavedLayer keep) {
      var pair = copies.weights().at(layer.index(), name);
      if (pair.isEmpty()) {
        return Optional.empty();
      }
      var linear = keep.linear(name);
      var into = gradients.at(layer.index(), name).orElseThrow();
      var q = dy.matmul(pair.get().b());
      into.b().addInPlace(dy.transpose(0, 1).matmul(linear.low()), copies.weights().scale());
      into.a().addInPlace(q.transpose(0, 1).matmul(linear.x()), copies.weights().scale());
      return Optional.of(q);
    }

    private void throughAdapter(
        LlamaLayer layer, LinearName name, Tensor q, SavedLayer keep, Tensor dx) {
      var a = copies.weights().at(layer.index(), name).orElseThrow().a();
      var mask = keep.linear(name).mask();
      if (mask == null) {
        dx.addMatmulInPlace(q, a, 1, copies.weights().scale());
      } else {
        dx.addProductInPlace(q.matmul(a), mask, copies.weights().scale());
      }
    }

    @Override
    public void close() {
      saved.forEach(SavedLayer::close);
    }
  }
}
