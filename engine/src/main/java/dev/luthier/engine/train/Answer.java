package dev.luthier.engine.train;

import java.util.Arrays;

/// What a model said behind a prompt; one that it ended itself has the ending token at its end.
public final class Answer {
  private final int[] tokens;
  private final boolean ended;

  public Answer(int[] tokens, boolean ended) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("an answer without tokens");
    }
    this.tokens = tokens.clone();
    this.ended = ended;
  }

  public int length() {
    return tokens.length;
  }

  public int token(int t) {
    return tokens[t];
  }

  /// The tokens of its words: without the one that ends it.
  public int[] words() {
    return Arrays.copyOf(tokens, ended ? tokens.length - 1 : tokens.length);
  }

  /// Whether the model ended it; else it was cut.
  public boolean ended() {
    return ended;
  }
}
