package dev.luthier.engine.train;

import java.util.Optional;

/// Counts the epochs in a row that brought no better loss, and knows the best. Without a rule it
/// never runs out.
final class Patience {
  private final Optional<EarlyStopping> rule;
  private Standing standing = Standing.FRESH;
  private boolean best = true;

  /// What it goes on from.
  ///
  /// @param bar what the next loss must be lower than, by the rule's delta, to count as better
  /// @param epochsSince epochs since one was
  /// @param lowest of all losses
  record Standing(double bar, int epochsSince, double lowest) {
    static final Standing FRESH =
        new Standing(Double.POSITIVE_INFINITY, 0, Double.POSITIVE_INFINITY);
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
    best = loss < standing.lowest();
    double lowest = best ? loss : standing.lowest();
    double delta = rule.map(EarlyStopping::minDelta).orElse(0.0);
    standing =
        loss < standing.bar() - delta
            ? new Standing(loss, 0, lowest)
            : new Standing(standing.bar(), standing.epochsSince() + 1, lowest);
  }

  /// Whether the epoch that was heard of last had the lowest loss so far.
  boolean isBest() {
    return best;
  }

  boolean isOver() {
    return rule.filter(some -> standing.epochsSince() >= some.patience()).isPresent();
  }
}
