package dev.luthier.text.rows;

import java.util.List;
import java.util.Optional;

/// What a check found.
///
/// @param which the part that the file was checked for
/// @param examples rows seen, good or bad
/// @param tokens tokens of all good rows in one pass; 0 if nothing measured them
/// @param trainedTokens how many of them are targets
/// @param tokensLost tokens of good rows beyond the model's context, which are cut off
/// @param findings in order of lines, the first few of each code
/// @param counts how often each thing was found, in all
public record RowReport(
    Which which,
    int examples,
    long tokens,
    long trainedTokens,
    long tokensLost,
    List<Finding> findings,
    List<FindingCount> counts) {
  /// OpenAI's least number of rows to train on. A validation file has no least.
  public static final int TRAINING_EXAMPLES_MIN = 10;

  public RowReport {
    findings = List.copyOf(findings);
    counts = List.copyOf(counts);
  }

  /// Why the file cannot play its part in a job, in OpenAI's words; empty when it can. The first
  /// error speaks, and says how many there are beside it.
  public Optional<RowFailure> failure() {
    List<Finding> errors = errors();
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    Finding first = errors.getFirst();
    FindingFamily family = first.code().family();
    long others =
        counts.stream()
                .filter(count -> count.severity() == Severity.ERROR)
                .filter(count -> count.code().family() != FindingFamily.COUNT)
                .mapToLong(FindingCount::count)
                .sum()
            - (family == FindingFamily.COUNT ? 0 : 1);
    String more = others == 0 ? "" : " (and " + others + " more)";
    String message = family.preamble(which) + first.message() + more;
    return Optional.of(new RowFailure(family.code(which), message, which.param(), first.line()));
  }

  /// The errors among the findings.
  public List<Finding> errors() {
    return findings.stream().filter(finding -> finding.severity() == Severity.ERROR).toList();
  }

  /// The warnings among the findings.
  public List<Finding> warnings() {
    return findings.stream().filter(finding -> finding.severity() == Severity.WARNING).toList();
  }

  /// How many errors, or warnings, there are, those that are not among the findings included.
  public long count(Severity severity) {
    return counts.stream()
        .filter(kind -> kind.severity() == severity)
        .mapToLong(FindingCount::count)
        .sum();
  }

  /// Errors that are counted and not among the findings.
  public long furtherErrors() {
    return count(Severity.ERROR) - errors().size();
  }

  /// Warnings that are counted and not among the findings.
  public long furtherWarnings() {
    return count(Severity.WARNING) - warnings().size();
  }
}
