package dev.luthier.engine.train.gradient;

/// Sums over targets: their losses, how many the model would have chosen, how many there were.
public record Tally(double lossSum, long correct, long targets) {
  public static final Tally NONE = new Tally(0, 0, 0);

  public Tally plus(Tally other) {
    return new Tally(lossSum + other.lossSum, correct + other.correct, targets + other.targets);
  }
}
