package dev.luthier.engine.train;

import org.jspecify.annotations.Nullable;

/// A row as tokens. `trained[t]` says that token t is a target: its loss counts, given all before
/// it; how much, its weight says, which is 1 unless the example is [#weighted].
public final class TrainingExample {
  private final int[] tokens;
  private final boolean[] trained;
  private final int targets;
  private final float @Nullable [] weights;

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
    this.weights = null;
  }

  private TrainingExample(TrainingExample row, float[] weights) {
    this.tokens = row.tokens;
    this.trained = row.trained;
    this.targets = row.targets;
    this.weights = weights.clone();
  }

  /// The same tokens, with a factor for the loss of each target, in order; it may be negative.
  public TrainingExample weighted(float[] factors) {
    if (factors.length != targets) {
      throw new IllegalArgumentException(
          "%d factors for %d targets".formatted(factors.length, targets));
    }
    return new TrainingExample(this, factors);
  }

  /// The factor of target number `index`, counted from 0.
  public float weight(int index) {
    return weights == null ? 1 : weights[index];
  }

  /// Whether the example has factors of its own.
  public boolean isWeighted() {
    return weights != null;
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
