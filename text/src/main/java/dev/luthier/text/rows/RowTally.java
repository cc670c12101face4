package dev.luthier.text.rows;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Adds up the good rows of a file and sets them beside each other.
final class RowTally {
  private final RowRules rules;
  private final Findings findings;
  private final RowMemory seen = new RowMemory();
  private final Optional<RowMemory> training;
  private final PromptTally prompts = new PromptTally();
  private final Lessons lessons = new Lessons();

  /// @param training the rows of the training file, when this is the validation file beside it
  RowTally(RowRules rules, Optional<RowMemory> training) {
    this.rules = rules;
    this.findings = new Findings(rules.examplesPerCode());
    this.training = training;
  }

  void add(MeasuredRow measured) {
    CheckedRow checked = measured.checked();
    checked.row().ifPresent(row -> lessons.add(row, measured, checked.complaints()));
    measured.print().ifPresent(print -> compare(print, checked.complaints()));
    findings.addAll(checked.complaints().findings());
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
    boolean chats = rules.kind() instanceof RowKind.Chats;
    if (chats && examples > 0 && lessons.teaching() == 0 && !findings.hasErrors()) {
      aboutFile(
          FindingCode.NOTHING_TRAINED,
          "None of the "
              + examples
              + " examples has an answer to train on: every assistant's message has weight 0"
              + " or was cut off.",
          examples);
    }
    count(examples);
    return new RowReport(
        rules.which(),
        examples,
        lessons.tokens(),
        lessons.trainedTokens(),
        lessons.tokensLost(),
        findings.kept(),
        findings.counts());
  }

  private void count(int examples) {
    int least = rules.kind().least(rules.which());
    OptionalInt most = rules.kind().most(rules.which());
    String file = rules.which() == Which.TRAINING ? "Training" : "Validation";
    String has = file + " file has " + examples + " example(s), but ";
    if (examples < least) {
      aboutFile(
          FindingCode.TOO_FEW_ROWS, has + "must have at least " + least + " examples", examples);
    } else if (most.isPresent() && examples > most.getAsInt()) {
      String rule = "can have at most " + most.getAsInt() + " examples";
      aboutFile(FindingCode.TOO_MANY_ROWS, has + rule, examples);
    }
  }

  private void aboutFile(FindingCode code, String sentence, int examples) {
    Map<String, String> values = Map.of("n", String.valueOf(examples));
    findings.add(new Finding(0, 0, 0, Severity.ERROR, code, sentence, values));
  }
}
