package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// What a check found.
///
/// @param examples rows seen, good or bad
/// @param tokens tokens of all good rows in one pass; 0 if nothing measured them
/// @param trainedTokens how many of them are targets
/// @param findings in order of lines, not more than the rules allow
/// @param furtherErrors errors beyond that limit
/// @param furtherWarnings warnings beyond that limit
public record RowReport(
    int examples,
    long tokens,
    long trainedTokens,
    List<Finding> findings,
    int furtherErrors,
    int furtherWarnings) {
  /// OpenAI's least number of rows to train on. A validation file has no least.
  public static final int TRAINING_EXAMPLES_MIN = 10;

  public RowReport {
    findings = List.copyOf(findings);
  }

  /// Why the file cannot play a part in a job, in OpenAI's words; empty when it can. The first
  /// error speaks, and says how many there are beside it.
  public Optional<RowFailure> failure(Which which) {
    List<Finding> errors = errors();
    if (!errors.isEmpty()) {
      return Optional.of(failure(errors.getFirst(), which, errors.size() - 1 + furtherErrors));
    }
    if (which == Which.TRAINING && examples < TRAINING_EXAMPLES_MIN) {
      return Optional.of(
          new RowFailure(
              "invalid_n_examples",
              "Training file has "
                  + examples
                  + " example(s), but must have at least "
                  + TRAINING_EXAMPLES_MIN
                  + " examples",
              which.param(),
              0));
    }
    return Optional.empty();
  }

  private static RowFailure failure(Finding finding, Which which, int others) {
    String more = others == 0 ? "" : " (and " + others + " more)";
    String code = finding.kind().code(which);
    String message = finding.kind().preamble(which) + finding.message() + more;
    return new RowFailure(code, message, which.param(), finding.line());
  }

  /// The errors among the findings.
  public List<Finding> errors() {
    return findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
  }

  /// The warnings among the findings.
  public List<Finding> warnings() {
    return findings.stream().filter(finding -> finding.severity() == Severity.WARNING).toList();
  }
}
