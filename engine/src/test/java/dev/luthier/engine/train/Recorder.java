package dev.luthier.engine.train;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// Keeps all that a run says and writes every epoch's adapter to a folder of its own.
final class Recorder implements TrainingObserver {
  final List<StepMetrics> steps = new ArrayList<>();
  final List<Integer> epochs = new ArrayList<>();
  final List<Integer> saved = new ArrayList<>();
  boolean stopped;
  private final Path folder;
  private final IntFunction<Directive> directives;

  Recorder(Path folder, IntFunction<Directive> directives) {
    this.folder = folder;
    this.directives = directives;
  }

  @Override
  public Directive beforeStep(int step) {
    var directive = directives.apply(step);
    stopped = directive == Directive.STOP;
    return directive;
  }

  @Override
  public void stepDone(StepMetrics metrics) {
    steps.add(metrics);
  }

  @Override
  public void epochDone(EpochEnd end) throws IOException {
    epochs.add(end.step());
    end.writeWeights(adapter(end.step()), "tiny");
  }

  @Override
  public void stateSaved(int completedSteps, Path file) {
    saved.add(completedSteps);
  }

  Path adapter(int step) {
    return folder.resolve("adapter-" + step);
  }

  List<Double> losses() {
    return steps.stream().map(step -> step.train().loss()).toList();
  }
}
