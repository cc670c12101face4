package dev.luthier.wire.bench;

import java.util.List;

/// How fast a run was.
///
/// @param rank of the adapter; 0 where all weights were trained
/// @param tokensPerSecond real tokens, none of them padding, over the steps after `warmupSteps`
/// @param supervisedTokensPerSecond the targets among them
/// @param stepTokens real tokens of each step, as `stepLosses` and `stepSeconds` from step 1
/// @param firstStepSeconds from the start of the process to the end of step 1
/// @param peakRssBytes the most memory that the process held, mapped weights included
public record TrainingBenchReport(
    String model,
    String precision,
    int threads,
    int rows,
    int batchSize,
    int rank,
    int steps,
    int warmupSteps,
    double tokensPerSecond,
    double supervisedTokensPerSecond,
    double firstStepSeconds,
    long peakRssBytes,
    List<Double> stepLosses,
    List<Long> stepTokens,
    List<Double> stepSeconds) {
  public TrainingBenchReport {
    stepLosses = List.copyOf(stepLosses);
    stepTokens = List.copyOf(stepTokens);
    stepSeconds = List.copyOf(stepSeconds);
  }
}
