package dev.luthier.text.rows;

/// Adds up the good rows of a file, and says which of them teach nothing.
final class RowTally {
  private final Findings findings;
  private long tokens;
  private long trainedTokens;
  private int teaching;

  RowTally(RowRules rules) {
    this.findings = new Findings(rules.findingsMax());
  }

  void add(MeasuredRow measured) {
    CheckedRow checked = measured.checked();
    checked.row().ifPresent(row -> add(row, measured, checked.complaints()));
    findings.addAll(checked.complaints().findings());
  }

  private void add(ChatRow row, MeasuredRow measured, Complaints complaints) {
    boolean trains = row.messages().valueStream().anyMatch(ChatRow::isTrained);
    if (!trains) {
      complaints.warn(
          FindingKind.NOTHING_TRAINED, " trains nothing: its assistant's messages have weight 0");
    }
    measured.refusal().ifPresent(complaints::row);
    measured.length().ifPresent(length -> add(row, length, complaints));
    if (!trains) {
      return;
    }
    if (!complaints.any() && measured.length().map(RowLength::trainedTokens).orElse(1) > 0) {
      teaching++;
    } else if (!complaints.any()) {
      complaints.warn(
          FindingKind.NOTHING_TRAINED, " trains nothing: what is left of it has no answer");
    }
  }

  private void add(ChatRow row, RowLength length, Complaints complaints) {
    tokens += length.tokens();
    trainedTokens += length.trainedTokens();
    if (length.tokensLost() > 0) {
      complaints.warn(
          FindingKind.ROW_CUT,
          " (line %d) is longer than the %d tokens of the model's context: %d tokens were cut off"
                  .formatted(row.line(), length.tokens(), length.tokensLost())
              + " its end");
    }
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
