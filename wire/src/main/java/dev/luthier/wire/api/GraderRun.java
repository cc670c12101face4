package dev.luthier.wire.api;

import java.util.Map;
import java.util.Optional;

/// What a grader made of a sample.
///
/// @param subRewards of a formula's graders, by their names
public record GraderRun(
    double reward,
    Metadata metadata,
    Map<String, Double> subRewards,
    Map<String, ModelTokens> modelGraderTokenUsagePerModel) {

  /// How it came about.
  ///
  /// @param executionTime in seconds
  /// @param tokenUsage of all models that were asked; null when none was
  /// @param sampledModelName the first that was asked
  public record Metadata(
      String name,
      String type,
      Errors errors,
      double executionTime,
      Map<String, Double> scores,
      Optional<Integer> tokenUsage,
      Optional<String> sampledModelName) {}

  /// What went wrong.
  public record Errors(
      boolean formulaParseError,
      boolean sampleParseError,
      boolean truncatedObservationError,
      boolean unresponsiveRewardError,
      boolean invalidVariableError,
      boolean otherError,
      boolean pythonGraderServerError,
      Optional<String> pythonGraderServerErrorType,
      boolean pythonGraderRuntimeError,
      Optional<String> pythonGraderRuntimeErrorDetails,
      boolean modelGraderServerError,
      boolean modelGraderRefusalError,
      boolean modelGraderParseError,
      Optional<String> modelGraderServerErrorDetails) {}

  /// Tokens that one model read and wrote.
  public record ModelTokens(
      int promptTokens, int completionTokens, int totalTokens, int cachedTokens) {}
}
