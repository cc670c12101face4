package dev.luthier.platform.batches;

import java.util.Optional;

/// Why a batch cannot be run.
///
/// @param line of the input file, from 1
public record BatchError(
    String code, String message, Optional<String> param, Optional<Integer> line) {}
