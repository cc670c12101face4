package dev.luthier.wire.bench;

import java.util.Optional;

/// What to train on, how, and for how many steps.
///
/// @param model the base's id
/// @param baseFolder where its weights are
/// @param rowsFile chat rows that passed the check
/// @param fullWeights trains all weights; `rank` counts nothing then
/// @param precision `bf16` or `fp32`; empty takes what jobs take on this machine
/// @param exportFolder gets what another program needs to repeat the run; empty writes nothing
public record TrainingBenchRequest(
    String model,
    String baseFolder,
    String rowsFile,
    int batchSize,
    int steps,
    int rank,
    boolean fullWeights,
    double learningRate,
    long seed,
    Optional<String> precision,
    Optional<String> exportFolder) {}
