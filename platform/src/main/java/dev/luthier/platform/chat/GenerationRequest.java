package dev.luthier.platform.chat;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What is asked of a model.
///
/// @param choices how many answers, `n`
/// @param maxTokens of one answer; empty: as many as the model is let answer unasked
/// @param stop strings that end an answer and are not part of it, at most four
/// @param topLogprobs empty: no logprobs; 0: those of the chosen tokens only
/// @param echo whether the prompt's text comes back before the answer (legacy completions)
/// @param form what each answer must be; empty: any text
public record GenerationRequest(
    Prompt prompt,
    int choices,
    OptionalInt maxTokens,
    List<String> stop,
    Sampling sampling,
    OptionalInt topLogprobs,
    boolean echo,
    Optional<RequiredForm> form) {
  public GenerationRequest {
    stop = List.copyOf(stop);
  }

  /// A request for any text.
  public GenerationRequest(
      Prompt prompt,
      int choices,
      OptionalInt maxTokens,
      List<String> stop,
      Sampling sampling,
      OptionalInt topLogprobs,
      boolean echo) {
    this(prompt, choices, maxTokens, stop, sampling, topLogprobs, echo, Optional.empty());
  }
}
