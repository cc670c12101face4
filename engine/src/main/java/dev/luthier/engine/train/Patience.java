package dev.luthier.engine.train;

import java.util.Optional;

/// Counts the epochs in a row that brought no better loss. Without a rule it never runs out.
final class Patience {
  private final Optional<EarlyStopping> rule;
  private Standing standing = Standing.FRESH;

  /// What it goes on from: the lowest loss so far, and the epochs since.
  record Standing(double lowest, int epochsSince) {
    static final Standing FRESH = new Standing(Double.POSITIVE_INFINITY, 0);
  }

  Patience(Optional<EarlyStopping> rule) {
    this.rule = rule;
  }

  Standing standing() {
    return standing;
  }

  void goOnFrom(Standing earlier) {
    standing = earlier;
  }

  /// Hears the loss over all validation rows at the end of an epoch; one that is not a number is no
  /// better than any.
  void epochEnded(double loss) {
    double needed = standing.lowest() - rule.map(EarlyStopping::minDelta).orElse(0.0);
    standing =
        loss < needed
            ? new Standing(loss, 0)
            : new Standing(standing.lowest(), standing.epochsSince() + 1);
  }

  boolean isOver() {
    return rule.filter(some -> standing.epochsSince() >= some.patience()).isPresent();
  }
}
