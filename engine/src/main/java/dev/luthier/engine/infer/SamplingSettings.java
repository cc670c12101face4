package dev.luthier.engine.infer;

import java.util.Map;

/// How the next token is drawn; meanings and ranges as in OpenAI's API.
///
/// @param temperature 0 takes the most likely token
/// @param topP keeps the smallest set of most likely tokens whose probabilities reach this sum
/// @param seed the same seed, prompt and settings give the same tokens, whatever else is in the
///   batch
/// @param frequencyPenalty taken from a token's logit for each time it was generated before
/// @param presencePenalty taken once from the logit of every token generated before
/// @param logitBias added to logits, by token id
/// @param topLogprobs how many alternatives to report; 0 reports the chosen token's logprob only,
///   -1 nothing
public record SamplingSettings(
    double temperature,
    double topP,
    long seed,
    double frequencyPenalty,
    double presencePenalty,
    Map<Integer, Float> logitBias,
    int topLogprobs) {
  public static final int TOP_LOGPROBS_MAX = 20;
  public static final int LOGIT_BIAS_MAX = 1024;

  public SamplingSettings {
    inRange("temperature", temperature, 0, 2);
    inRange("topP", topP, 0, 1);
    inRange("frequencyPenalty", frequencyPenalty, -2, 2);
    inRange("presencePenalty", presencePenalty, -2, 2);
    inRange("topLogprobs", topLogprobs, -1, TOP_LOGPROBS_MAX);
    inRange("entries of logitBias", logitBias.size(), 0, LOGIT_BIAS_MAX);
    logitBias.forEach((id, bias) -> inRange("logitBias of token " + id, bias, -100, 100));
    logitBias = Map.copyOf(logitBias);
  }

  /// Always the most likely token, no logprobs.
  public static SamplingSettings greedy() {
    return new SamplingSettings(0, 1, 0, 0, 0, Map.of(), -1);
  }

  private static void inRange(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "%s is %s; %s to %s are allowed".formatted(name, value, least, most));
    }
  }
}
