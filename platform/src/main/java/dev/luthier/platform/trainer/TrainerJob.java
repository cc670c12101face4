package dev.luthier.platform.trainer;

import dev.luthier.platform.jobs.TrainingMethod;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/// All that a trainer must know of its job; the rows and the resume state it fetches.
///
/// @param parentAdapter the folder of the adapter to go on from
/// @param method its numbers are found: no auto is left
/// @param learningRate the peak rate, the multiplier already in it
/// @param resumeStep the step of the resume state that it must go on from, if there is one
public record TrainerJob(
    String jobId,
    int attempt,
    String baseId,
    Path baseFolder,
    Optional<Path> parentAdapter,
    TrainingMethod method,
    int epochs,
    int batchSize,
    double learningRateMultiplier,
    double learningRate,
    int seed,
    boolean hasValidationFile,
    OptionalInt resumeStep) {}
