package dev.luthier.platform.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which usage is asked for.
///
/// @param to exclusive
/// @param width of a stretch: a minute, an hour or a day
/// @param models by their own names; empty: all
/// @param batch only that of batches, or only the rest; empty: both
/// @param byModel whether models are told apart
/// @param byBatch whether batches are told apart from the rest
/// @param limit how many stretches
public record UsageQuery(
    Instant from,
    Instant to,
    Duration width,
    Set<String> models,
    Optional<Boolean> batch,
    boolean byModel,
    boolean byBatch,
    int limit) {
  public UsageQuery {
    models = Set.copyOf(models);
  }
}
