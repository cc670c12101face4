package dev.luthier.wire.internal;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// The rewards of a [GradeRequest]'s samples, in order.
public record GradeAnswer(List<Grade> grades) {
  /// A judgement.
  ///
  /// @param unreadable whether the grader could not read the answer
  /// @param unanswered whether no judgement came about, so that the reward says nothing
  /// @param parts what each grader said: one, or those that a formula goes over
  public record Grade(double reward, boolean unreadable, boolean unanswered, List<Part> parts) {
    public Grade {
      if (!Double.isFinite(reward)) {
        throw new IllegalArgumentException("reward must be finite, but is " + reward);
      }
      parts = List.copyOf(parts);
    }

    /// Of graders that are not told apart.
    public Grade(double reward, boolean unreadable, boolean unanswered) {
      this(reward, unreadable, unanswered, List.of());
    }
  }

  /// What one grader said.
  ///
  /// @param type as the API names it
  /// @param model that it asks, if it asks one
  /// @param errors that came up, as the API names them
  /// @param promptTokens of the model that it asks, and likewise `cachedTokens` among them and
  ///   `completionTokens`
  public record Part(
      String name,
      String type,
      Optional<String> model,
      double reward,
      List<String> errors,
      int promptTokens,
      int cachedTokens,
      int completionTokens,
      double seconds) {
    public Part {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(type, "type");
      Objects.requireNonNull(model, "model");
      errors = List.copyOf(errors);
    }
  }

  public GradeAnswer {
    grades = List.copyOf(grades);
  }
}
