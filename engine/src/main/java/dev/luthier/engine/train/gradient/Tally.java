package dev.luthier.engine.train.gradient;

import dev.luthier.engine.tensor.Numbers;
import dev.luthier.engine.tensor.Tensor;

/// Sums over targets: their losses, how many the model would have chosen, how many there were. The
/// first two may still be where they were computed.
public record Tally(Numbers sums, long targets) {
  public static final Tally NONE = new Tally(0, 0, 0);

  public Tally(double lossSum, long correct, long targets) {
    this(Numbers.known(lossSum, (double) correct), targets);
  }

  /// Sums that are not read yet: [2], the losses and how many were chosen.
  static Tally unread(Tensor sums, long targets) {
    return new Tally(Numbers.unread(sums), targets);
  }

  public double lossSum() {
    return sums.at(0);
  }

  public long correct() {
    return Math.round(sums.at(1));
  }

  public Tally plus(Tally other) {
    return new Tally(sums.plus(other.sums), targets + other.targets);
  }
}
