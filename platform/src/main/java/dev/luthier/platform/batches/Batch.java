package dev.luthier.platform.batches;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file of requests on its way to files of answers.
///
/// @param times when it came into each state but the first
/// @param model that every line names; known once the file is read
public record Batch(
    String id,
    CreateBatch order,
    Instant createdAt,
    BatchState state,
    Map<BatchState, Instant> times,
    Optional<String> model,
    List<BatchError> errors,
    BatchCounts counts,
    BatchTokens tokens,
    Optional<String> outputFileId,
    Optional<String> errorFileId) {
  public static final String ID_PATTERN = "batch_[A-Za-z0-9]{16,40}";

  /// How long lines may wait for their answers: `24h`.
  public static final Duration WINDOW = Duration.ofHours(24);

  public Batch {
    times = Map.copyOf(times);
    errors = List.copyOf(errors);
  }

  static Batch ordered(String id, CreateBatch order, Instant now) {
    return new Batch(
        id,
        order,
        now,
        BatchState.VALIDATING,
        Map.of(),
        Optional.empty(),
        List.of(),
        BatchCounts.NONE,
        BatchTokens.NONE,
        Optional.empty(),
        Optional.empty());
  }

  public Instant expiresAt() {
    return createdAt.plus(WINDOW);
  }

  public Optional<Instant> time(BatchState entered) {
    return Optional.ofNullable(times.get(entered));
  }

  Batch entered(BatchState next, Instant now) {
    var moments = new EnumMap<BatchState, Instant>(BatchState.class);
    moments.putAll(times);
    moments.put(next, now);
    return new Batch(
        id,
        order,
        createdAt,
        next,
        moments,
        model,
        errors,
        counts,
        tokens,
        outputFileId,
        errorFileId);
  }

  /// What reading its file has shown.
  Batch checked(Optional<String> named, List<BatchError> found, int lines) {
    return new Batch(
        id,
        order,
        createdAt,
        state,
        times,
        named,
        found,
        counts.ofTotal(lines),
        tokens,
        outputFileId,
        errorFileId);
  }

  Batch written(Optional<String> output, Optional<String> error) {
    return new Batch(
        id, order, createdAt, state, times, model, errors, counts, tokens, output, error);
  }
}
