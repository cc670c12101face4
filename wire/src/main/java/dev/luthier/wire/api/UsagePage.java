package dev.luthier.wire.api;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;

/// One page of usage or costs. Times are Unix seconds.
public record UsagePage<T>(
    String object, List<Bucket<T>> data, boolean hasMore, Optional<String> nextPage) {

  /// A stretch of time.
  public record Bucket<T>(String object, long startTime, long endTime, List<T> results) {}

  /// What completions took.
  public record Completions(
      String object,
      long inputTokens,
      long inputCachedTokens,
      long outputTokens,
      long numModelRequests,
      Optional<String> projectId,
      Optional<String> userId,
      Optional<String> apiKeyId,
      Optional<String> model,
      Optional<Boolean> batch,
      Optional<String> serviceTier) {}

  /// What it cost.
  public record Costs(
      String object,
      Amount amount,
      Optional<String> lineItem,
      Optional<String> projectId,
      Optional<String> apiKeyId,
      Optional<Long> quantity,
      Optional<String> quantityUnit) {}

  /// Money.
  public record Amount(BigDecimal value, String currency) {}
}
