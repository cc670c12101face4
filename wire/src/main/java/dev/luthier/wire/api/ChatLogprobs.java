package dev.luthier.wire.api;

import java.util.List;
import java.util.Optional;

/// Log probabilities of the tokens of one message, or of one chunk of it.
public record ChatLogprobs(List<Token> content, Optional<List<Token>> refusal) {
  public ChatLogprobs {
    content = List.copyOf(content);
  }

  /// One sampled token and the likeliest ones at its place. `bytes` are 0-255.
  public record Token(String token, double logprob, List<Integer> bytes, List<Top> topLogprobs) {
    public Token {
      bytes = List.copyOf(bytes);
      topLogprobs = List.copyOf(topLogprobs);
    }
  }

  public record Top(String token, double logprob, List<Integer> bytes) {
    public Top {
      bytes = List.copyOf(bytes);
    }
  }
}
