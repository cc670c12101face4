package dev.luthier.platform.graders;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A judgement.
///
/// @param reward finite; 0, or the nearest to it that the grader gives, where it could not judge
/// @param scores by the names of graders: one, or for a formula one for each of its graders
/// @param parts judgements that a formula went over, by their names; empty for any other
/// @param asked what models were asked and said, in order
/// @param duration how long it took
public record Grade(
    double reward,
    GradeErrors errors,
    Map<String, Double> scores,
    Map<String, Grade> parts,
    List<Asked> asked,
    Duration duration) {

  /// A question to a judging model and what it said.
  public record Asked(Judge.Question question, Judge.Answer answer) {}

  public Grade {
    if (!Double.isFinite(reward)) {
      throw new IllegalArgumentException("a reward of " + reward);
    }
    scores = Collections.unmodifiableMap(new LinkedHashMap<>(scores));
    parts = Collections.unmodifiableMap(new LinkedHashMap<>(parts));
    asked = List.copyOf(asked);
  }

  /// Tokens that judging models read and wrote; empty when none was asked.
  public Optional<Integer> tokens() {
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(asked.stream().mapToInt(each -> each.answer().usage().totalTokens()).sum());
  }
}
