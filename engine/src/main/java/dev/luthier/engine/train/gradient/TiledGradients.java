package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/// The Llama family's gradients in bf16 on the processor's matrix units, tile by tile.
///
/// Weights are packed once, buffers are made once (and anew when a longer pack comes), and no
/// tensor is made in a step. The crew shares tiles of rows and columns; bits do not depend on its
/// size. Adapters with dropout are not for this one.
public final class TiledGradients implements GradientSource {
  private static final int GRAIN = 32;
  private static final int HEAD_DIM_MAX = 256;
  private static final int RANK_MAX = 256;

  private final LlamaModel model;
  private final Crew crew;
  private final TiledWeights weights;
  private final TiledAdapter adapter;
  private final LoraSettings lora;
  private @Nullable TiledBuffers buffers;
  private @Nullable TiledHead head;
  private long passes;

  /// Must only be made where it [#fits].
  public TiledGradients(LlamaModel model, LoraAdapter adapter, Crew crew) {
    this.model = model;
    this.crew = crew;
    this.weights = new TiledWeights(model, adapter.settings(), crew);
    model.unload();
    this.adapter = new TiledAdapter(model.config(), adapter, weights, crew.size());
    this.lora = adapter.settings();
    this.adapter.refresh(crew);
  }

  /// Whether this machine has matrix units, and model and adapter are such as they can take.
  public static boolean fits(LlamaModel model, LoraAdapter adapter) {
    return model.precision() == Precision.BF16
        && adapter.settings().dropout() == 0
        && adapter.settings().rank() <= RANK_MAX
        && fits(model.config())
        && Vectors.areWide()
        && Brgemm.isAvailable();
  }

  private static boolean fits(ModelConfig config) {
    return config.hiddenSize() % GRAIN == 0
        && config.intermediateSize() % GRAIN == 0
        && config.headDim() % GRAIN == 0
        && config.headDim() <= HEAD_DIM_MAX;
  }

  @Override
  public Tally accumulate(Pack pack, double lossFactor, long dropoutKey, Tensor gradient) {
    try {
      var pass = pass(pack);
      pass.forward();
      var tally = head(pack).accumulate(pass, lossFactor);
      new TiledBackward(pass, gradient.memory().address()).run();
      return tally;
    } finally {
      Brgemm.release();
    }
  }

  @Override
  public Tally evaluate(Pack pack) {
    try {
      var pass = pass(pack);
      pass.forward();
      return head(pack).evaluate(pass);
    } finally {
      Brgemm.release();
    }
  }

  private TiledPass pass(Pack pack) {
    int keyRows = TiledPass.keyRows(pack);
    var room = buffers;
    if (room == null || !room.hold(pack.rows(), keyRows)) {
      if (room != null) {
        room.close();
      }
      room = new TiledBuffers(model.config(), lora, pack.rows(), keyRows, crew.size());
      buffers = room;
    }
    var means = new TiledPass.Means(model.config(), weights, adapter, room, crew);
    return new TiledPass(means, pack, passes++);
  }

  private TiledHead head(Pack pack) {
    var ready = head;
    if (ready == null || !ready.holds(pack.targets())) {
      if (ready != null) {
        ready.close();
      }
      ready = new TiledHead(model.config(), pack.targets());
      head = ready;
    }
    return ready;
  }

  @Override
  public void parametersChanged() {
    adapter.refresh(crew);
  }

  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
    }
    if (head != null) {
      head.close();
    }
    adapter.close();
    weights.close();
  }
}
