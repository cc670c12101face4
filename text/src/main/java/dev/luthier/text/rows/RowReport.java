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
@SuppressWarnings("DoNotCallSuggester")
public record RowReport(
    int examples,
    long tokens,
    long trainedTokens,
    List<Finding> findings,
    int furtherErrors,
    int furtherWarnings) {
  public RowReport {
    findings = List.copyOf(findings);
  }

  /// Why the file cannot play a part in a job; empty when it can.
  public Optional<RowFailure> failure(Which which) {
    throw new UnsupportedOperationException("not yet: " + which);
  }

  /// The warnings among the findings.
  public List<Finding> warnings() {
    return findings.stream().filter(finding -> finding.severity() == Severity.WARNING).toList();
  }
}
