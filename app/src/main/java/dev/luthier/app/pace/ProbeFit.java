package dev.luthier.app.pace;

import dev.luthier.platform.estimate.Pace;
import dev.luthier.wire.bench.TrainingBenchReport;
import java.util.Collections;
import java.util.List;

/// The line of least squares through the times of steps: what a step takes, and what each of its
/// tokens adds.
final class ProbeFit {
  private static final double SMALLEST = 1e-6;

  private ProbeFit() {}

  /// Steps before `warmupSteps` are not on the line: what they took longer belongs to the start.
  static Pace fit(TrainingBenchReport report) {
    List<Long> tokens = report.stepTokens();
    List<Double> seconds = report.stepSeconds();
    int from = report.warmupSteps();
    int count = tokens.size() - from;
    double meanTokens = 0;
    double meanSeconds = 0;
    for (int step = from; step < tokens.size(); step++) {
      meanTokens += (double) tokens.get(step) / count;
      meanSeconds += seconds.get(step) / count;
    }
    double covariance = 0;
    double variance = 0;
    for (int step = from; step < tokens.size(); step++) {
      double apart = tokens.get(step) - meanTokens;
      covariance += apart * (seconds.get(step) - meanSeconds);
      variance += apart * apart;
    }
    double slope = variance == 0 ? 0 : covariance / variance;
    // Noise must not make tokens free, nor a step of none shorter than nothing.
    double perToken = Math.clamp(slope, SMALLEST, Math.max(SMALLEST, meanSeconds / meanTokens));
    double perStep = Math.max(0, meanSeconds - perToken * meanTokens);
    double start = report.firstStepSeconds();
    for (int step = 1; step < from; step++) {
      start += seconds.get(step);
    }
    for (int step = 0; step < from; step++) {
      start -= perStep + perToken * tokens.get(step);
    }
    int longest = Math.toIntExact(Collections.max(tokens)); // A step of the probe is one row.
    return new Pace(Math.max(0, start), perStep, perToken, report.peakRssBytes(), longest);
  }
}
