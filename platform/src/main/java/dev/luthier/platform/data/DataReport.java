package dev.luthier.platform.data;

import dev.luthier.platform.jobs.AutoHyperparameters;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.FindingCount;
import dev.luthier.text.rows.RowFailure;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.Severity;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a check of a file found: the same for the API, the command line and the pages.
///
/// @param tokens of all good rows in one pass, and `trainedTokens` how many of them are targets;
///   `tokensLost` lie beyond the model's context. A row of two answers counts with each of them, a
///   prompt without the answers that will be drawn
/// @param findings in order of lines, the first few of each code
/// @param counts how often each thing was found, in all
/// @param failure why a job could not use the file, in the words that the job would fail with
/// @param auto what the hyperparameters come to if all are left to the server, and the steps that
///   this makes; empty for a file without examples
/// @param lengths empty when no row is good
public record DataReport(
    int examples,
    long tokens,
    long trainedTokens,
    long tokensLost,
    List<DataFinding> findings,
    List<DataCount> counts,
    Optional<String> failure,
    Optional<Hyperparameters> auto,
    Optional<Lengths> lengths) {
  /// How long the good rows are, in tokens before any is cut off.
  ///
  /// @param width of a bar: the first counts lengths from 0, the next from `width` on
  /// @param rows of each bar
  /// @param middle half of the rows are not longer
  /// @param contextLength where rows are cut
  public record Lengths(
      int width, List<Integer> rows, int shortest, int middle, int longest, int contextLength) {
    public Lengths {
      rows = List.copyOf(rows);
    }
  }

  /// One thing to say about a file.
  ///
  /// @param line from 1; 0 when it is about the whole file
  /// @param column the character in the line, from 1; 0 when it is about the whole line
  /// @param code a name that does not change, so that pages can say it in their own language
  /// @param message what is wrong, in OpenAI's words where they are known
  /// @param remedy what to do about it
  /// @param values what the message is about (`key`, `n`, …), for messages in other languages
  public record DataFinding(
      int line,
      int column,
      int example,
      boolean error,
      String code,
      String message,
      String remedy,
      Map<String, String> values) {
    public DataFinding {
      values = Map.copyOf(values);
    }

    static DataFinding of(Finding finding) {
      return new DataFinding(
          finding.line(),
          finding.column(),
          finding.example(),
          finding.severity() == Severity.ERROR,
          finding.code().word(),
          finding.message(),
          finding.code().remedy(),
          finding.values());
    }
  }

  /// How often something was found, whether it is among the findings or not.
  public record DataCount(String code, boolean error, long count) {
    static DataCount of(FindingCount count) {
      return new DataCount(count.code().word(), count.severity() == Severity.ERROR, count.count());
    }
  }

  public DataReport {
    findings = List.copyOf(findings);
    counts = List.copyOf(counts);
  }

  /// What a check found, in the words of all who show it.
  static DataReport of(RowReport report, TrainingMethod method, Optional<Lengths> lengths) {
    return new DataReport(
        report.examples(),
        report.tokens(),
        report.trainedTokens(),
        report.tokensLost(),
        report.findings().stream().map(DataFinding::of).toList(),
        report.counts().stream().map(DataCount::of).toList(),
        report.failure().map(RowFailure::message),
        auto(method, report.examples()),
        lengths);
  }

  private static Optional<Hyperparameters> auto(TrainingMethod method, int examples) {
    return examples == 0
        ? Optional.empty()
        : Optional.of(AutoHyperparameters.numbers(method.with(Hyperparameters.AUTO), examples));
  }

  /// How many errors, or else warnings, there are in all.
  public long count(boolean errors) {
    return counts.stream()
        .filter(count -> count.error() == errors)
        .mapToLong(DataCount::count)
        .sum();
  }

  /// How many errors, or else warnings, are not among the findings.
  public long further(boolean errors) {
    return count(errors) - findings.stream().filter(finding -> finding.error() == errors).count();
  }
}
