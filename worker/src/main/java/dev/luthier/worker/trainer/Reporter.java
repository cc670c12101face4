package dev.luthier.worker.trainer;

import dev.luthier.engine.train.Directive;
import dev.luthier.engine.train.EpochEnd;
import dev.luthier.engine.train.LossAndAccuracy;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.wire.internal.StepMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/// Watches a training run for the server: passes metrics, checkpoints and resume states to the
/// outbox and the server's wishes to the run. Belongs to the training thread.
final class Reporter implements TrainingObserver {
  private final Outbox outbox;
  private final Signals signals;
  private final IntConsumer progress;
  private final String baseId;
  private final Publishing publishing;
  private final Path folder;
  private final Duration saveEvery;
  private final LongSupplier nanoTime;
  private long lastSaved;
  private int stepsDoneHere;

  /// Which epochs' weights become checkpoints. Whole models are large, so of those only what is
  /// kept in the end is published.
  enum Publishing {
    EACH_EPOCH,
    BEST_AND_LAST,
    LAST;

    boolean wants(EpochEnd end) {
      return switch (this) {
        case EACH_EPOCH -> true;
        case BEST_AND_LAST -> end.best() || end.last();
        case LAST -> end.last();
      };
    }
  }

  /// Writes checkpoints and links of resume states to `folder` until the server has them.
  ///
  /// @param progress hears the last step done
  /// @param nanoTime a clock as [System#nanoTime]
  Reporter(
      Outbox outbox,
      Signals signals,
      IntConsumer progress,
      String baseId,
      Publishing publishing,
      Path folder,
      Duration saveEvery,
      LongSupplier nanoTime) {
    this.outbox = outbox;
    this.signals = signals;
    this.progress = progress;
    this.baseId = baseId;
    this.publishing = publishing;
    this.folder = folder;
    this.saveEvery = saveEvery;
    this.nanoTime = nanoTime;
    this.lastSaved = nanoTime.getAsLong();
  }

  @Override
  public Directive beforeStep(int step) {
    signals.throwIfEnded();
    if (signals.isStopAsked()) {
      return Directive.STOP;
    }
    boolean due = nanoTime.getAsLong() - lastSaved >= saveEvery.toNanos();
    if (due && stepsDoneHere > 0 && !outbox.isStatePending()) {
      return Directive.SAVE;
    }
    return Directive.CONTINUE;
  }

  @Override
  public void stepDone(dev.luthier.engine.train.StepMetrics metrics) {
    stepsDoneHere++;
    outbox.metrics(wire(metrics));
    progress.accept(metrics.step());
  }

  @Override
  public void epochDone(EpochEnd end) throws IOException {
    if (!publishing.wants(end)) {
      return;
    }
    Path checkpoint = folder.resolve("checkpoint-" + end.step());
    end.writeWeights(checkpoint, baseId);
    outbox.checkpoint(wire(end.metrics()), checkpoint);
  }

  @Override
  public void stateSaved(int completedSteps, Path file) throws IOException {
    lastSaved = nanoTime.getAsLong();
    if (completedSteps == 0) {
      return; // Nothing is lost by starting anew.
    }
    // The run replaces its file by the next state while this one may still be on its way.
    Path link = folder.resolve("state-" + completedSteps);
    Files.deleteIfExists(link);
    Files.createLink(link, file);
    outbox.state(completedSteps, link);
  }

  private static StepMetrics wire(dev.luthier.engine.train.StepMetrics metrics) {
    return new StepMetrics(
        metrics.step(),
        metrics.totalSteps(),
        metrics.epoch(),
        metrics.train().loss(),
        metrics.train().tokenAccuracy(),
        metrics.validation().map(LossAndAccuracy::loss),
        metrics.validation().map(LossAndAccuracy::tokenAccuracy),
        metrics.fullValidation().map(LossAndAccuracy::loss),
        metrics.fullValidation().map(LossAndAccuracy::tokenAccuracy),
        metrics.measures(),
        metrics.learningRate(),
        metrics.gradientNorm(),
        metrics.tokens(),
        metrics.seconds());
  }
}
