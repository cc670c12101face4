package dev.luthier.engine.infer;

import java.util.List;

/// One sampled token.
///
/// @param logprob natural logarithm of its probability under the model itself (temperature 1, no
///   penalties, no bias); NaN when the request asked for no logprobs
/// @param top the most likely tokens at this place, best first, as many as the request asked for
public record GeneratedToken(int id, float logprob, List<TokenLogprob> top) {
  public GeneratedToken {
    top = List.copyOf(top);
  }
}
