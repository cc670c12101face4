package dev.luthier.wire.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A run of an eval. Times are Unix seconds.
///
/// @param reportUrl a page of the dashboard
public record EvalRunObject(
    String object,
    String id,
    String evalId,
    String status,
    String model,
    String name,
    long createdAt,
    String reportUrl,
    Counts resultCounts,
    List<ModelUsage> perModelUsage,
    List<CriterionResult> perTestingCriteriaResults,
    JsonNode dataSource,
    Map<String, String> metadata,
    Optional<Fault> error) {

  /// How many rows came out how.
  public record Counts(int total, int errored, int failed, int passed) {}

  /// What one model read and wrote.
  public record ModelUsage(
      String modelName,
      int invocationCount,
      long promptTokens,
      long completionTokens,
      long totalTokens,
      long cachedTokens) {}

  /// How many rows passed one criterion.
  public record CriterionResult(String testingCriteria, int passed, int failed) {}

  /// Why a run could not be done.
  public record Fault(String code, String message) {}
}
