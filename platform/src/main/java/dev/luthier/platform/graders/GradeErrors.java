package dev.luthier.platform.graders;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// What went wrong while an answer was judged, by the API's names.
///
/// @param details of the first one, for a person
public record GradeErrors(Set<Kind> kinds, Optional<String> details) {
  /// Nothing went wrong.
  public static final GradeErrors NONE = new GradeErrors(Set.of(), Optional.empty());

  /// What can go wrong here. The API also knows errors of python graders, which are refused before
  /// anything is judged.
  public enum Kind {
    /// The formula has no finite value.
    FORMULA_PARSE,
    /// The sample was to be JSON and is not.
    SAMPLE_PARSE,
    /// A template names something that is not there.
    INVALID_VARIABLE,
    /// The judging model could not be asked.
    MODEL_SERVER,
    /// The judging model's answer holds no judgement.
    MODEL_PARSE
  }

  public GradeErrors {
    kinds = Set.copyOf(kinds);
  }

  static GradeErrors of(Kind kind, String details) {
    return new GradeErrors(Set.of(kind), Optional.of(details));
  }

  /// Both together.
  GradeErrors and(GradeErrors other) {
    if (other.kinds.isEmpty()) {
      return this;
    }
    EnumSet<Kind> all = EnumSet.copyOf(other.kinds);
    all.addAll(kinds);
    return new GradeErrors(all, details.isPresent() ? details : other.details);
  }

  public boolean has(Kind kind) {
    return kinds.contains(kind);
  }

  /// Whether the judgement says nothing, for another reason than the answer itself.
  public boolean silent() {
    return kinds.stream().anyMatch(kind -> kind != Kind.SAMPLE_PARSE);
  }

  public boolean any() {
    return !kinds.isEmpty();
  }
}
