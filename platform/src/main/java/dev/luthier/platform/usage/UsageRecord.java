package dev.luthier.platform.usage;

import java.time.Instant;

/// What one model did in a stretch of time.
///
/// @param start of the stretch
/// @param model by its own name
/// @param batch whether it was for batches
public record UsageRecord(Instant start, String model, boolean batch, TokensUsed tokens) {}
