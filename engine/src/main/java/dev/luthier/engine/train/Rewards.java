package dev.luthier.engine.train;

import java.util.List;

/// Says how good answers are.
@FunctionalInterface
public interface Rewards {
  /// An answer to row number `row`, counted from 0, of the training or the validation rows.
  record Judged(boolean validation, int row, Answer answer) {}

  /// What an answer is worth.
  ///
  /// @param value finite; more is better
  /// @param unreadable whether the judge could not read the answer
  /// @param unanswered whether no judgement came about, so that the value says nothing
  record Reward(double value, boolean unreadable, boolean unanswered) {
    public Reward {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("a reward of " + value);
      }
    }

    /// A judgement in which nothing went wrong.
    public static Reward of(double value) {
      return new Reward(value, false, false);
    }
  }

  /// One reward an answer, in order.
  List<Reward> of(List<Judged> answers);
}
