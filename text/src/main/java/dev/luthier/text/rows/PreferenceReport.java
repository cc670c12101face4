package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// What a check of a preference file found.
///
/// @param findings in order of lines, not more than the check keeps
/// @param furtherErrors errors beyond that
public record PreferenceReport(int examples, List<Remark> findings, int furtherErrors) {
  /// Something to say about the file.
  ///
  /// @param line from 1
  /// @param kind decides how a job that fails for it words its error; empty for a warning
  public record Remark(int line, int example, Optional<Fault> kind, String message) {}

  /// What can be wrong, as far as OpenAI's codes tell it apart.
  public enum Fault {
    /// A key too many or too few.
    KEYS,
    /// A row of another file format, or one that is wrong within.
    ROW
  }

  public PreferenceReport {
    findings = List.copyOf(findings);
  }

  public List<Remark> errors() {
    return findings.stream().filter(remark -> remark.kind().isPresent()).toList();
  }

  /// The sentences that are no errors.
  public List<String> warnings() {
    return findings.stream()
        .filter(remark -> remark.kind().isEmpty())
        .map(Remark::message)
        .toList();
  }

  /// Why the file cannot play a part in a job, in OpenAI's words: the first error speaks.
  public Optional<RowFailure> failure(Which which) {
    if (!errors().isEmpty()) {
      return Optional.of(failure(errors().getFirst(), which));
    }
    if (which == Which.TRAINING && examples < RowReport.TRAINING_EXAMPLES_MIN) {
      String few =
          "Training file has %d example(s), but must have at least %d examples"
              .formatted(examples, RowReport.TRAINING_EXAMPLES_MIN);
      return Optional.of(new RowFailure("invalid_n_examples", few, which.param(), 0));
    }
    return Optional.empty();
  }

  private RowFailure failure(Remark first, Which which) {
    boolean keys = first.kind().filter(kind -> kind == Fault.KEYS).isPresent();
    String code =
        which == Which.VALIDATION
            ? "invalid_validation_file"
            : keys ? "invalid_file_format" : "invalid_training_file";
    String preamble =
        keys
            ? "Invalid file format. "
            : "The job failed due to an invalid " + which.word() + " file. Invalid file format. ";
    int others = errors().size() - 1 + furtherErrors;
    String more = others == 0 ? "" : " (and " + others + " more)";
    return new RowFailure(code, preamble + first.message() + more, which.param(), first.line());
  }
}
