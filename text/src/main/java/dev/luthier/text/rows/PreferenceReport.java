package dev.luthier.text.rows;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a check of a preference file found.
///
/// @param tokens of both conversations of all good rows, and `trainedTokens` those of their
///   answers; `tokensLost` lie beyond the model's context. All are 0 if nothing measured them
/// @param findings in order of lines, the first few of each fault
/// @param counts how often each fault was found, in all
public record PreferenceReport(
    int examples,
    long tokens,
    long trainedTokens,
    long tokensLost,
    List<Remark> findings,
    Map<PreferenceFault, Long> counts) {
  /// Something to say about the file.
  ///
  /// @param line from 1
  /// @param values what the message is about, for messages in other languages
  public record Remark(
      int line, int example, PreferenceFault fault, String message, Map<String, String> values) {
    public Remark {
      values = Map.copyOf(values);
    }

    boolean isError() {
      return fault.severity() == Severity.ERROR;
    }
  }

  public PreferenceReport {
    findings = List.copyOf(findings);
    counts = Map.copyOf(counts);
  }

  public List<Remark> errors() {
    return findings.stream().filter(Remark::isError).toList();
  }

  /// The sentences that are no errors.
  public List<String> warnings() {
    return findings.stream().filter(remark -> !remark.isError()).map(Remark::message).toList();
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
    boolean keys = first.fault().isKeys();
    String code =
        which == Which.VALIDATION
            ? "invalid_validation_file"
            : keys ? "invalid_file_format" : "invalid_training_file";
    String preamble =
        keys
            ? "Invalid file format. "
            : "The job failed due to an invalid " + which.word() + " file. Invalid file format. ";
    long others =
        counts.entrySet().stream()
                .filter(count -> count.getKey().severity() == Severity.ERROR)
                .mapToLong(Map.Entry::getValue)
                .sum()
            - 1;
    String more = others == 0 ? "" : " (and " + others + " more)";
    return new RowFailure(code, preamble + first.message() + more, which.param(), first.line());
  }
}
