package dev.luthier.engine.train;

/// Tokens that an answer is to follow.
public final class Prompt {
  private final int[] tokens;

  public Prompt(int[] tokens) {
    if (tokens.length == 0) {
      throw new IllegalArgumentException("a prompt without tokens");
    }
    this.tokens = tokens.clone();
  }

  public int length() {
    return tokens.length;
  }

  public int token(int t) {
    return tokens[t];
  }

  /// A copy.
  public int[] tokens() {
    return tokens.clone();
  }

  /// Prompt and answer, of which the answer is trained.
  TrainingExample with(Answer answer) {
    var all = new int[tokens.length + answer.length()];
    var trained = new boolean[all.length];
    for (int t = 0; t < all.length; t++) {
      trained[t] = t >= tokens.length;
      all[t] = trained[t] ? answer.token(t - tokens.length) : tokens[t];
    }
    return new TrainingExample(all, trained);
  }
}
