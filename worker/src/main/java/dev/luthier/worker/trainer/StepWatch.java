package dev.luthier.worker.trainer;

import dev.luthier.engine.train.Directive;
import dev.luthier.engine.train.EpochEnd;
import dev.luthier.engine.train.StepMetrics;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.worker.ProcessFigures;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the time of steps and ends a run after so many.
final class StepWatch implements TrainingObserver {
  private static final Logger LOG = LoggerFactory.getLogger(StepWatch.class);
  private static final double SECOND_NANOS = 1e9;

  private final int steps;
  private final Clock clock;
  private final List<StepMetrics> done = new ArrayList<>();

  /// Nanoseconds at the begin of step 1 and at the end of each step.
  private final List<Long> marks = new ArrayList<>();

  private double firstStepSeconds;

  StepWatch(int steps, Clock clock) {
    this.steps = steps;
    this.clock = clock;
  }

  @Override
  public Directive beforeStep(int step) {
    if (step == 1) {
      marks.add(System.nanoTime());
    }
    return step > steps ? Directive.STOP : Directive.CONTINUE;
  }

  @Override
  public void stepDone(StepMetrics metrics) {
    marks.add(System.nanoTime());
    done.add(metrics);
    if (metrics.step() == 1) {
      firstStepSeconds = ProcessFigures.seconds(clock);
    }
    LOG.info(
        "step {} of {}: loss {}, {} tokens, {} s",
        metrics.step(),
        steps,
        "%.4f".formatted(metrics.train().loss()),
        metrics.tokens(),
        "%.3f".formatted(metrics.seconds()));
  }

  @Override
  public void epochDone(EpochEnd end) {}

  @Override
  public void stateSaved(int completedSteps, java.nio.file.Path file) {}

  /// From the start of the process to the end of step 1.
  double firstStepSeconds() {
    return firstStepSeconds;
  }

  /// From the end of step `warmup` to the end of the last.
  double secondsAfter(int warmup) {
    return (marks.getLast() - marks.get(warmup)) / SECOND_NANOS;
  }

  List<Double> losses() {
    return done.stream().map(step -> step.train().loss()).toList();
  }

  List<Long> tokens() {
    return done.stream().map(StepMetrics::tokens).toList();
  }

  List<Double> seconds() {
    return done.stream().map(StepMetrics::seconds).toList();
  }

  List<Double> learningRates() {
    return done.stream().map(StepMetrics::learningRate).toList();
  }
}
