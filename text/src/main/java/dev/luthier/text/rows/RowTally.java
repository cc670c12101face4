package dev.luthier.text.rows;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Adds up the good rows of a file, says which of them teach nothing, and sets them beside each
/// other.
final class RowTally {
  private final RowRules rules;
  private final Findings findings;
  private final RowMemory seen = new RowMemory();
  private final Optional<RowMemory> training;
  private final PromptTally prompts = new PromptTally();
  private long tokens;
  private long trainedTokens;
  private long tokensLost;
  private int teaching;

  /// @param training the rows of the training file, when this is the validation file beside it
  RowTally(RowRules rules, Optional<RowMemory> training) {
    this.rules = rules;
    this.findings = new Findings(rules.examplesPerCode());
    this.training = training;
  }

  void add(MeasuredRow measured) {
    CheckedRow checked = measured.checked();
    checked.row().ifPresent(row -> add(row, measured, checked.complaints()));
    measured.print().ifPresent(print -> compare(print, checked.complaints()));
    findings.addAll(checked.complaints().findings());
  }

  private void add(ChatRow row, MeasuredRow measured, Complaints complaints) {
    boolean trains = row.messages().valueStream().anyMatch(ChatRow::isTrained);
    if (!trains) {
      complaints.warn(
          FindingCode.NOTHING_TRAINED,
          Place.ROOT,
          " trains nothing: its assistant's messages have weight 0");
    }
    measured.refusal().ifPresent(why -> complaints.error(FindingCode.ROW_REFUSED, Place.ROOT, why));
    measured.length().ifPresent(length -> add(row, length, complaints));
    if (!trains) {
      return;
    }
    if (!complaints.any() && measured.length().map(RowLength::trainedTokens).orElse(1) > 0) {
      teaching++;
    } else if (!complaints.any()) {
      complaints.warn(
          FindingCode.NOTHING_TRAINED,
          Place.ROOT,
          " trains nothing: what is left of it has no answer");
    }
  }

  private void add(ChatRow row, RowLength length, Complaints complaints) {
    tokens += length.tokens();
    trainedTokens += length.trainedTokens();
    tokensLost += length.tokensLost();
    if (length.tokensLost() > 0) {
      complaints.warn(
          FindingCode.ROW_CUT,
          Place.ROOT,
          " (line %d) is longer than the %d tokens of the model's context: %d tokens were cut off"
                  .formatted(row.line(), length.tokens(), length.tokensLost())
              + " its end",
          "n",
          String.valueOf(length.tokensLost()),
          "context",
          String.valueOf(length.tokens()));
    }
  }

  private void compare(RowPrint print, Complaints complaints) {
    prompts.add(print, complaints.line());
    if (training.isPresent()) {
      compare(
          print,
          training.get(),
          complaints,
          FindingCode.IN_TRAINING_FILE,
          FindingCode.NEAR_TRAINING_FILE,
          "line %d of the training file");
    }
    boolean repeats =
        compare(
            print,
            seen,
            complaints,
            FindingCode.DUPLICATE_ROW,
            FindingCode.NEAR_DUPLICATE,
            "line %d");
    if (!repeats) {
      seen.add(print, complaints.line());
    }
  }

  /// Whether the row, or one like it, is there already.
  private static boolean compare(
      RowPrint print,
      RowMemory memory,
      Complaints complaints,
      FindingCode same,
      FindingCode near,
      String where) {
    OptionalInt line = memory.same(print);
    if (line.isPresent()) {
      String other = String.valueOf(line.getAsInt());
      complaints.warn(
          same, Place.ROOT, " is the same as " + where.formatted(line.getAsInt()), "other", other);
      return true;
    }
    Optional<RowMemory.Seen> alike = memory.like(print);
    alike.ifPresent(seen ->
        complaints.warn(
            near,
            Place.ROOT,
            " is about %d %% the same as ".formatted(seen.percent()) + where.formatted(seen.line()),
            "other",
            String.valueOf(seen.line()),
            "n",
            String.valueOf(seen.percent())));
    return alike.isPresent();
  }

  RowReport report(int examples) {
    prompts.report(findings);
    if (examples > 0 && teaching == 0 && !findings.hasErrors()) {
      aboutFile(
          FindingCode.NOTHING_TRAINED,
          "None of the "
              + examples
              + " examples has an answer to train on: every assistant's message has weight 0"
              + " or was cut off.",
          examples);
    }
    if (rules.which() == Which.TRAINING && examples < RowReport.TRAINING_EXAMPLES_MIN) {
      aboutFile(
          FindingCode.TOO_FEW_ROWS,
          "Training file has "
              + examples
              + " example(s), but must have at least "
              + RowReport.TRAINING_EXAMPLES_MIN
              + " examples",
          examples);
    }
    return new RowReport(
        rules.which(),
        examples,
        tokens,
        trainedTokens,
        tokensLost,
        findings.kept(),
        findings.counts());
  }

  private void aboutFile(FindingCode code, String sentence, int examples) {
    Map<String, String> values = Map.of("n", String.valueOf(examples));
    findings.add(new Finding(0, 0, 0, Severity.ERROR, code, sentence, values));
  }
}
