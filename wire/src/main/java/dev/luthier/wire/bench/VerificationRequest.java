package dev.luthier.wire.bench;

import dev.luthier.wire.internal.TrainerJob;

/// A job of which the first steps are trained again.
///
/// @param rowsFile its training rows
public record VerificationRequest(TrainerJob job, String rowsFile, int steps) {}
