package dev.luthier.platform.chat;

import java.util.List;

/// A token with the natural logarithm of its probability, and the likeliest ones in its place.
///
/// @param bytes the token's own UTF-8 bytes, which need not be a whole character
public record TokenLogprob(
    String token, double logprob, List<Integer> bytes, List<Alternative> top) {
  public TokenLogprob {
    bytes = List.copyOf(bytes);
    top = List.copyOf(top);
  }

  /// A token that might have stood there.
  public record Alternative(String token, double logprob, List<Integer> bytes) {
    public Alternative {
      bytes = List.copyOf(bytes);
    }
  }
}
