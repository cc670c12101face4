package dev.luthier.engine.train;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.model.Decoder;
import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.train.gradient.GradientSources;
import java.util.function.Function;

/// What computes the steps of a [TrainingRun] and asks for no rows: the threads, the base's weights
/// as they take them, the masters that are trained. So it can be made while rows are still read.
/// Belongs to the thread that made it; the run that is started with it closes it.
public final class Machinery implements AutoCloseable {
  final Decoder model;
  final MasterWeights masters;
  final Crew crew;
  final GradientSource source;
  private final TrainingMethod method;
  private boolean closed;

  private Machinery(
      Decoder model,
      MasterWeights masters,
      TrainingMethod method,
      Function<Crew, GradientSource> source) {
    this.model = model;
    this.masters = masters;
    this.method = method;
    this.crew = new Crew("luthier-training", Device.threads());
    try {
      this.source = source.apply(crew);
    } catch (RuntimeException | Error e) {
      crew.close();
      throw e;
    }
  }

  /// For an adapter (fresh, a parent's to go on from, or blank before a resume state); takes it
  /// over.
  ///
  /// @param seed the run's
  public static Machinery of(Decoder model, LoraAdapter adapter, long seed) {
    return new Machinery(
        model,
        adapter,
        new TrainingMethod.Lora(adapter.settings()),
        crew -> GradientSources.of(model, adapter, seed, crew));
  }

  /// For all weights, which begin as the base's; takes them over.
  public static Machinery of(LlamaModel model, FullWeights weights) {
    return new Machinery(
        model,
        weights,
        new TrainingMethod.FullWeights(),
        crew -> GradientSources.of(model, weights, crew));
  }

  /// What it trains.
  public TrainingMethod method() {
    return method;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    source.close();
    crew.close();
    masters.close();
  }
}
