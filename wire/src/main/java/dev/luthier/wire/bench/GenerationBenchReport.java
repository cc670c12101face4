package dev.luthier.wire.bench;

import java.util.List;

/// How fast answers were: medians over `repeats` rounds.
///
/// @param prefillTokensPerSecond of one prompt, read alone by the base
/// @param timeToFirstToken seconds from asking to the first token, for that prompt
/// @param decodeTokensPerSecond one entry for each concurrency with each number of adapters
/// @param loadSeconds from the start of the process until it could take a request
/// @param peakRssBytes the most memory that the process held, mapped weights included
public record GenerationBenchReport(
    String model,
    int promptTokens,
    int tokens,
    int repeats,
    double prefillTokensPerSecond,
    double timeToFirstToken,
    List<Decoding> decodeTokensPerSecond,
    double loadSeconds,
    long peakRssBytes) {
  public GenerationBenchReport {
    decodeTokensPerSecond = List.copyOf(decodeTokensPerSecond);
  }

  /// One combination's speed.
  ///
  /// @param concurrency streams that answer at once
  /// @param adapters different adapters among them; 0 is the base alone
  /// @param tokensPerSecond of all streams together
  public record Decoding(int concurrency, int adapters, double tokensPerSecond) {}
}
