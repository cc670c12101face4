package dev.luthier.engine.train.gradient;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullLayout;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.kernel.Brgemm;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.InputGroup;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Tensor;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
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
  private final @Nullable TiledAdapter adapter;
  private final ToIntFunction<InputGroup> lowWidth;
  private final @Nullable TiledMasters masters;
  private final @Nullable FullLayout layout;
  private @Nullable TiledBuffers buffers;
  private @Nullable TiledHead head;
  private @Nullable FullRoom room;
  private long passes;

  /// An adapter's. Must only be made where it [#fits].
  public TiledGradients(LlamaModel model, LoraAdapter adapter, Crew crew) {
    this.model = model;
    this.crew = crew;
    this.weights = new TiledWeights(model, adapter.settings(), crew);
    model.unload();
    this.adapter = new TiledAdapter(model.config(), adapter, weights, crew.size());
    this.lowWidth = group -> TiledAdapter.lowWidth(adapter.settings(), group);
    this.masters = null;
    this.layout = null;
    this.adapter.refresh(crew);
  }

  /// Those of all weights, which are the model's own to begin with. Must only be made where the
  /// model [#fits].
  public TiledGradients(LlamaModel model, FullWeights full, Crew crew) {
    this.model = model;
    this.crew = crew;
    this.weights = new TiledWeights(model, crew);
    model.unload();
    this.adapter = null;
    this.lowWidth = _ -> 0;
    this.masters = new TiledMasters(model.config(), full, weights, crew.size());
    this.layout = full.layout();
  }

  /// Whether this machine has matrix units, and model and adapter are such as they can take.
  public static boolean fits(LlamaModel model, LoraAdapter adapter) {
    return adapter.settings().dropout() == 0
        && adapter.settings().rank() <= RANK_MAX
        && fits(model);
  }

  /// The same without an adapter.
  public static boolean fits(LlamaModel model) {
    return model.precision() == Precision.BF16
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
  public boolean sharesPrefixes() {
    return true;
  }

  @Override
  public Tally accumulate(Pack pack, LossWeights weights, long dropoutKey, Tensor gradient) {
    try {
      var pass = pass(pack);
      pass.forward();
      long target = gradient.memory().address();
      var full = layout == null ? null : new FullPart(pass, room(pack), layout, target);
      var tally = head(pack).accumulate(pass, weights, full);
      var trained = adapter == null ? full : new LowRankPart(pass, adapter, target);
      new TiledBackward(pass, Objects.requireNonNull(trained)).run();
      return tally;
    } finally {
      Brgemm.release();
    }
  }

  @Override
  public Tally evaluate(Pack pack) {
    return looked(pack, (head, pass) -> head.evaluate(pass));
  }

  @Override
  public TargetLosses losses(Pack pack) {
    return looked(pack, (head, pass) -> head.look(pass));
  }

  private <T> T looked(Pack pack, BiFunction<TiledHead, TiledPass, T> look) {
    try {
      var pass = pass(pack);
      pass.forward();
      return look.apply(head(pack), pass);
    } finally {
      Brgemm.release();
    }
  }

  private TiledPass pass(Pack pack) {
    int rows = pack.rows();
    int keyRows = AttentionTasks.keyRows(pack);
    var room = buffers;
    if (room == null || !room.hold(rows, keyRows)) {
      if (room != null) { // Packs with many rows and packs with many keys come in turn.
        rows = Math.max(rows, room.rows());
        keyRows = Math.max(keyRows, room.keyRows());
        room.close();
      }
      room = new TiledBuffers(model.config(), lowWidth, rows, keyRows, crew.size());
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

  private FullRoom room(Pack pack) {
    var ready = room;
    if (ready == null || !ready.holds(pack.rows())) {
      if (ready != null) {
        ready.close();
      }
      ready = new FullRoom(model.config(), pack.rows(), crew.size());
      room = ready;
    }
    return ready;
  }

  @Override
  public void parametersChanged() {
    if (adapter != null) {
      adapter.refresh(crew);
    }
    if (masters != null) {
      masters.refresh(crew);
    }
  }

  @Override
  public void close() {
    if (buffers != null) {
      buffers.close();
    }
    if (head != null) {
      head.close();
    }
    if (room != null) {
      room.close();
    }
    if (adapter != null) {
      adapter.close();
    }
    if (masters != null) {
      masters.close();
    }
    weights.close();
  }
}
