package dev.luthier.platform.data;

import dev.luthier.platform.jobs.Hyperparameters;
import java.util.List;
import java.util.Optional;

/// What a check of a file found.
///
/// @param tokens of all good rows in one pass, and `trainedTokens` how many of them are targets
/// @param findings in order of lines; `furtherErrors` and `furtherWarnings` are not among them
/// @param failure why a job could not use the file, in the words that the job would fail with
/// @param auto what the hyperparameters come to if all are left to the server, and the steps that
///   this makes; empty for a file without examples
/// @param lengths empty when no row is good
public record DataReport(
    int examples,
    long tokens,
    long trainedTokens,
    List<DataFinding> findings,
    int furtherErrors,
    int furtherWarnings,
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
  /// @param kind as a name that does not change, so that pages can say it in their own language
  public record DataFinding(int line, int example, boolean error, String kind, String message) {}

  public DataReport {
    findings = List.copyOf(findings);
  }
}
