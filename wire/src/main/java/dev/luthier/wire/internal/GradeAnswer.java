package dev.luthier.wire.internal;

import java.util.List;

/// The rewards of a [GradeRequest]'s samples, in order.
public record GradeAnswer(List<Grade> grades) {
  /// A judgement.
  ///
  /// @param unreadable whether the grader could not read the answer
  /// @param unanswered whether no judgement came about, so that the reward says nothing
  public record Grade(double reward, boolean unreadable, boolean unanswered) {
    public Grade {
      if (!Double.isFinite(reward)) {
        throw new IllegalArgumentException("reward must be finite, but is " + reward);
      }
    }
  }

  public GradeAnswer {
    grades = List.copyOf(grades);
  }
}
