package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows of reinforcement: read, and checked.
class PromptFileTest {
  private static final String GOOD = row("Is it?");
  private static final RowKind GRADED =
      new RowKind.Prompts(
          item -> item.has("answer") ? List.of() : List.of("{{item.answer}}", "{{item.more}}"));

  @TempDir Path folder;

  private static String row(String question) {
    return "{\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}],\"answer\":\"no\",\"difficulty\":3}"
        .formatted(question);
  }

  private static List<String> rows(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(n -> row("Is it " + n)).toList());
  }

  private Path file(List<String> lines) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", lines));
  }

  private RowReport check(List<String> lines, Which which, RowMeasure measure) throws IOException {
    return RowFile.check(file(lines), RowRules.of("file-X", which, GRADED), measure);
  }

  private List<String> said(List<String> lines, RowMeasure measure) throws IOException {
    return check(lines, Which.VALIDATION, measure).findings().stream()
        .map(finding -> finding.line() + ":" + finding.column() + " " + finding.code().word())
        .toList();
  }

  private static RowLength tokens(int tokens) {
    return new RowLength(Math.min(tokens, 99), 0, Math.max(0, tokens - 99));
  }

  @Test
  void goodRowsComeBackWithAllTheirKeysAndBlankLinesAreNone() throws IOException {
    var rows = PromptFile.read(file(List.of(GOOD, "", GOOD)));
    assertEquals(List.of(1, 3), rows.stream().map(PromptRow::line).toList());
    assertEquals("no", rows.getFirst().item().path("answer").asString());
    assertEquals(1, rows.getFirst().messages().size());
    assertTrue(rows.getFirst().tools().isEmpty());
    Path bad = file(List.of("{"));
    assertThrows(IllegalStateException.class, () -> PromptFile.read(bad));
  }

  @Test
  void whatIsWrongIsSaidOfEachRowAtItsPlace() throws IOException {
    assertEquals(
        List.of(
            "2:1 missing_messages",
            "3:55 input_ends_with_answer",
            "4:14 missing_content",
            "4:1 missing_field",
            "4:1 missing_field",
            "5:13 no_messages",
            "5:1 missing_field",
            "5:1 missing_field",
            "6:1 json_array",
            "7:22 unknown_role",
            "8:13 invalid_json",
            "9:1 preference_rows",
            "10:1 prompt_too_long"),
        said(
            List.of(
                GOOD,
                "{\"input\":[]}",
                "{\"answer\":1,\"messages\":[{\"role\":\"user\",\"content\":\"\"},{\"role\":\"assistant\",\"content\":\"b\"}]}"
                    .replace("\"content\":\"\"", "\"content\":\"a\""),
                "{\"messages\":[{\"role\":\"user\"}]}",
                "{\"messages\":[]}",
                "[1]",
                "{\"messages\":[{\"role\":\"robot\",\"content\":\"a\"}],\"answer\":1}",
                "{\"messages\":?",
                "{\"input\":{},\"preferred_output\":[]}",
                row("Is this long?")),
            row -> tokens(row.messages().toString().contains("long") ? 100 : 99)));
  }

  @Test
  void rowsBesideEachOtherKeysAndSystemPromptsAreLookedAtToo() throws IOException {
    String words = "one two three four five six seven eight nine ten eleven twelve thirteen";
    var lines = rows(10);
    lines.set(2, lines.get(1));
    lines.set(4, row(words));
    lines.set(5, row(words).replace("\"no\"", "\"yes\""));
    lines.set(6, row("sk-Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3"));
    lines.set(7, GOOD.replace("[{", "[{\"role\":\"system\",\"content\":\"Be kind.\"},{"));
    RowReport report = check(lines, Which.TRAINING, _ -> tokens(7));
    assertEquals(
        List.of("3 duplicate_row", "6 near_duplicate", "7 api_key", "8 differing_prompts"),
        report.findings().stream()
            .map(finding -> finding.line() + " " + finding.code().word())
            .toList());
    assertEquals(Optional.empty(), report.failure());
    assertEquals(70, report.tokens());
    RowMemory training = RowFile.remember(file(lines), GRADED);
    Path other = Files.writeString(folder.resolve("held.jsonl"), row("New?") + "\n" + lines.get(3));
    RowRules rules = RowRules.of("file-V", Which.VALIDATION, GRADED);
    RowReport held = RowFile.check(other, rules, Optional.empty(), Optional.of(training));
    assertEquals(
        List.of("Example 2 is the same as line 4 of the training file"),
        held.findings().stream().map(Finding::message).toList());
  }

  @Test
  void aFileHasALeastAndAMostOfRows() throws IOException {
    RowFailure few = check(rows(9), Which.TRAINING, _ -> tokens(7)).failure().orElseThrow();
    assertEquals("invalid_n_examples", few.code());
    RowFailure none = check(List.of(), Which.VALIDATION, _ -> tokens(7)).failure().orElseThrow();
    assertEquals(
        "Validation file has 0 example(s), but must have at least 1 examples", none.message());
    RowFailure many = check(rows(1001), Which.VALIDATION, _ -> tokens(7)).failure().orElseThrow();
    assertEquals(
        "Validation file has 1001 example(s), but can have at most 1000 examples", many.message());
    assertEquals("invalid_n_examples", many.code());
  }

  @Test
  void theFailureOfAJobNamesTheFirstFault() throws IOException {
    var lines = rows(10);
    lines.set(3, lines.get(3).replace("\"answer\"", "\"reply\""));
    RowFailure failure = check(lines, Which.TRAINING, _ -> tokens(7)).failure().orElseThrow();
    assertEquals("invalid_training_file", failure.code());
    assertEquals(
        "The job failed due to an invalid training file. Invalid file format. Example 4 has nothing"
            + " where the grader reads {{item.answer}} (and 1 more)",
        failure.message());
    assertEquals(4, failure.line());
  }
}
