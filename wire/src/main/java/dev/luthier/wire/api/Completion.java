package dev.luthier.wire.api;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A legacy completion, whole or as a piece of a stream: both have this object name.
///
/// A streamed piece carries `usage` only when the request asked for it, see [WithUsage].
public record Completion(
    String id,
    String object,
    long created,
    String model,
    Optional<String> systemFingerprint,
    List<Choice> choices) {

  public Completion {
    choices = List.copyOf(choices);
  }

  /// The same with the key `usage`.
  public WithUsage with(Optional<Usage> usage) {
    return new WithUsage(id, object, created, model, systemFingerprint, choices, usage);
  }

  public record WithUsage(
      String id,
      String object,
      long created,
      String model,
      Optional<String> systemFingerprint,
      List<Choice> choices,
      Optional<Usage> usage) {}

  public record Choice(
      String text, int index, Optional<Logprobs> logprobs, Optional<String> finishReason) {}

  /// Four columns, one entry a token; `textOffset` counts characters from the start of the text.
  public record Logprobs(
      List<String> tokens,
      List<Double> tokenLogprobs,
      List<Map<String, Double>> topLogprobs,
      List<Integer> textOffset) {}
}
