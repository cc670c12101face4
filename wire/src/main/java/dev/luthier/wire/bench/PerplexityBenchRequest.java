package dev.luthier.wire.bench;

import java.util.Optional;

/// What to foretell.
///
/// @param model the base's id
/// @param baseFolder where its weights are
/// @param rowsFile chat rows that passed the check
/// @param adapterFolder a PEFT folder to apply; empty takes the base alone
/// @param rows so many of the file's first rows
public record PerplexityBenchRequest(
    String model, String baseFolder, String rowsFile, Optional<String> adapterFolder, int rows) {}
