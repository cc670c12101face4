package dev.luthier.wire.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A batch. Times are Unix seconds.
public record BatchObject(
    String id,
    String object,
    String endpoint,
    Optional<String> model,
    Optional<Errors> errors,
    String inputFileId,
    String completionWindow,
    String status,
    Optional<String> outputFileId,
    Optional<String> errorFileId,
    long createdAt,
    Optional<Long> inProgressAt,
    long expiresAt,
    Optional<Long> finalizingAt,
    Optional<Long> completedAt,
    Optional<Long> failedAt,
    Optional<Long> expiredAt,
    Optional<Long> cancellingAt,
    Optional<Long> cancelledAt,
    RequestCounts requestCounts,
    TokenUsage usage,
    Map<String, String> metadata) {

  /// Why it cannot be run.
  public record Errors(String object, List<Fault> data) {}

  /// What is wrong with its file.
  ///
  /// @param line from 1
  public record Fault(
      String code, String message, Optional<String> param, Optional<Integer> line) {}

  /// How many lines it has.
  public record RequestCounts(int total, int completed, int failed) {}

  /// What its answers took.
  public record TokenUsage(
      long inputTokens,
      InputDetails inputTokensDetails,
      long outputTokens,
      OutputDetails outputTokensDetails,
      long totalTokens) {}

  /// Of the tokens read.
  public record InputDetails(long cachedTokens) {}

  /// Of the tokens written.
  public record OutputDetails(long reasoningTokens) {}
}
