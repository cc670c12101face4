package dev.luthier.wire.internal;

import java.util.Optional;

/// A figure of a step that stands deeper in its event than the others: of one grader, or of where
/// the time went. Its name among a step's measures holds all that says whose it is.
///
/// @param group `grader` or `timing`
/// @param what the figure, as the event has it
/// @param type of the grader, as the API names it; else empty
/// @param model that the grader asks; empty if it asks none
/// @param name of the grader; else empty
public record StepDetail(String group, String what, String type, String model, String name) {
  public static final String GRADER = "grader";
  public static final String TIMING = "timing";

  /// In no name that a measure of another kind has.
  private static final String BETWEEN = "\t";

  private static final int FIELDS = 5;

  /// A figure of a grader.
  public static StepDetail grader(String what, GradeAnswer.Part part) {
    return new StepDetail(GRADER, what, part.type(), part.model().orElse(""), part.name());
  }

  /// Seconds that went somewhere.
  public static StepDetail timing(String what) {
    return new StepDetail(TIMING, what, "", "", "");
  }

  /// Its name among the measures.
  public String measure() {
    return String.join(BETWEEN, group, what, type, model, name);
  }

  /// What a measure's name says; empty for one of another kind.
  public static Optional<StepDetail> read(String measure) {
    String[] fields = measure.split(BETWEEN, FIELDS);
    return fields.length == FIELDS
        ? Optional.of(new StepDetail(fields[0], fields[1], fields[2], fields[3], fields[4]))
        : Optional.empty();
  }
}
