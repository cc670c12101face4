package dev.luthier.text.rows;

import java.util.Optional;

/// Adds up the good rows of a file, and says which of them teach nothing.
final class RowTally {
  private final Findings findings;
  private long tokens;
  private long trainedTokens;
  private int teaching;

  RowTally(Findings findings) {
    this.findings = findings;
  }

  void add(ChatRow row, Complaints complaints, Optional<RowMeasure> measure) {
    if (row.messages().valueStream().noneMatch(ChatRow::isTrained)) {
      complaints.warn(
          FindingKind.NOTHING_TRAINED, " trains nothing: its assistant's messages have weight 0");
      measure.ifPresent(m -> measured(row, complaints, m));
      return;
    }
    if (measure.isEmpty() || measured(row, complaints, measure.get()) > 0) {
      teaching++;
    } else if (!complaints.any()) {
      complaints.warn(
          FindingKind.NOTHING_TRAINED, " trains nothing: what is left of it has no answer");
    }
  }

  private int measured(ChatRow row, Complaints complaints, RowMeasure measure) {
    RowLength length;
    try {
      length = measure.measure(row);
    } catch (RowRefusedException e) {
      complaints.row(String.valueOf(e.getMessage()));
      return 0;
    }
    tokens += length.tokens();
    trainedTokens += length.trainedTokens();
    if (length.tokensLost() > 0) {
      complaints.warn(
          FindingKind.ROW_CUT,
          " (line %d) is longer than the %d tokens of the model's context: %d tokens were cut off"
                  .formatted(row.line(), length.tokens(), length.tokensLost())
              + " its end");
    }
    return length.trainedTokens();
  }

  RowReport report(int examples) {
    if (examples > 0 && teaching == 0 && findings.errors() == 0) {
      findings.add(
          new Finding(
              0,
              0,
              Severity.ERROR,
              FindingKind.NOTHING_TRAINED,
              "None of the "
                  + examples
                  + " examples has an answer to train on: every assistant's message has weight 0"
                  + " or was cut off."));
    }
    return findings.report(examples, tokens, trainedTokens);
  }
}
