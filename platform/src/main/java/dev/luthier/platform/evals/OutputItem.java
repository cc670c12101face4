package dev.luthier.platform.evals;

import java.time.Instant;
import java.util.Locale;

/// What became of one row of a run.
///
/// @param number of the row in its source, from 0
/// @param body the row, the sample and the results, as the API writes them: a JSON object
public record OutputItem(
    String id,
    String runId,
    String evalId,
    int number,
    Instant createdAt,
    Outcome outcome,
    String body) {
  public static final String ID_PATTERN = "outputitem_[A-Za-z0-9]{32}";

  /// Whether all criteria were met.
  public enum Outcome {
    PASS,
    FAIL,
    /// The row could not be answered, or not be judged.
    ERROR;

    /// As the API writes it.
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// The outcome of a name that [#text] gives.
    public static Outcome of(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
