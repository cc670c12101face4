package dev.luthier.engine.train;

/// A row as tokens. `trained[t]` says that token t is a target: its loss counts, given all before
/// it.
public final class TrainingExample {
  private final int[] tokens;
  private final boolean[] trained;
  private final int targets;

  public TrainingExample(int[] tokens, boolean[] trained) {
    if (tokens.length != trained.length) {
      throw new IllegalArgumentException(
          "%d tokens, but %d marks".formatted(tokens.length, trained.length));
    }
    if (tokens.length == 0) {
      throw new IllegalArgumentException("an example without tokens");
    }
    this.tokens = tokens.clone();
    this.trained = trained.clone();
    int targets = 0;
    for (int t = 1; t < trained.length; t++) {
      targets += trained[t] ? 1 : 0;
    }
    this.targets = targets;
  }

  public int length() {
    return tokens.length;
  }

  public int token(int t) {
    return tokens[t];
  }

  /// Whether token t is a target. The first never is: nothing comes before it.
  public boolean trained(int t) {
    return t > 0 && trained[t];
  }

  /// How many tokens are targets.
  public int targets() {
    return targets;
  }
}
