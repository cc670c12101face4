package dev.luthier.platform.chat;

import java.util.Map;
import java.util.OptionalLong;

/// How the next token is chosen.
///
/// @param temperature 0 to 2; 0 always takes the likeliest token
/// @param logitBias token id to -100 … 100
public record Sampling(
    double temperature,
    double topP,
    double frequencyPenalty,
    double presencePenalty,
    Map<Integer, Float> logitBias,
    OptionalLong seed) {
  public Sampling {
    logitBias = Map.copyOf(logitBias);
  }

  /// The API's defaults.
  public static final Sampling DEFAULT = new Sampling(1, 1, 0, 0, Map.of(), OptionalLong.empty());
}
