package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceFileTest {
  private static final String GOOD =
      """
      {"input":{"messages":[{"role":"user","content":"Cold?"},{"role":"assistant","content":"Where?"},{"role":"user","content":"Here."}],"tools":[],"parallel_tool_calls":true},"preferred_output":[{"role":"assistant","content":"12 degrees."}],"non_preferred_output":[{"role":"assistant","content":"No."}]}\
      """
          .strip();
  private static final RowMeasure MEASURE = _ -> new RowLength(20, 5, 0);

  @TempDir Path folder;

  @Test
  void rowsAsOpenAIShowsThemAreRead() throws IOException {
    Path file = write(Collections.nCopies(10, GOOD));
    RowReport report = check(file, MEASURE);
    assertEquals(10, report.examples());
    assertEquals(List.of(), report.errors());
    assertEquals(Optional.empty(), report.failure());
    try (var rows = PreferenceFile.read(file)) {
      PreferenceRow row = rows.skip(3).findFirst().orElseThrow();
      assertEquals(4, row.line());
      ChatRow preferred = row.preferredRow();
      assertEquals(4, preferred.messages().size());
      assertEquals("12 degrees.", preferred.messages().get(3).path("content").asString());
      assertEquals("No.", row.otherRow().messages().get(3).path("content").asString());
      assertFalse(ChatRow.isTrained(preferred.messages().get(1)), "an earlier turn is trained");
      assertTrue(ChatRow.isTrained(preferred.messages().get(3)));
      assertTrue(preferred.tools().isEmpty());
    }
  }

  @Test
  void everythingThatIsWrongIsSaidWithItsLine() throws IOException {
    List<String> rows = new ArrayList<>(Collections.nCopies(10, GOOD));
    rows.set(1, GOOD.replace("\"input\"", "\"prompt\""));
    rows.set(2, GOOD.replace("[{\"role\":\"assistant\",\"content\":\"No.\"}]", "[]"));
    rows.set(3, GOOD.replace("\"content\":\"12 degrees.\"", "\"content\":null"));
    rows.set(4, GOOD.replace(",{\"role\":\"user\",\"content\":\"Here.\"}", ""));
    rows.set(5, GOOD.replace("\"role\":\"user\"", "\"role\":\"human\""));
    rows.set(6, GOOD.substring(0, 50));
    rows.set(
        7, GOOD.replace("\"No.\"}", "\"No.\"},{\"role\":\"assistant\",\"content\":\"Nor this.\"}"));
    rows.set(8, "[]");
    RowReport report = check(write(rows), MEASURE);
    List<String> said =
        report.errors().stream().map(remark -> remark.line() + ":" + remark.message()).toList();
    List<String> expected =
        List.of(
            "2:Example 2 is missing key 'input'.",
            "3:Example 3, non_preferred_output must be a list of exactly one message, but has 0",
            "4:Example 4, preferred_output content: none is not an allowed value",
            "5:Example 5, input last message is from the assistant, but the model is to answer it",
            "6:Example 6, input message 1 No match for discriminator 'role' and value 'human'"
                + " (allowed values: 'system', 'user', 'assistant', 'tool', 'function',"
                + " 'developer')",
            "6:Example 6, input message 3 No match for discriminator 'role' and value 'human'"
                + " (allowed values: 'system', 'user', 'assistant', 'tool', 'function',"
                + " 'developer')",
            "7:Example 7 cannot be parsed. Error: line contains invalid json: Unterminated string"
                + " starting at: line 1 column 48 (char 47) (line 7)",
            "8:Example 8, non_preferred_output must be a list of exactly one message, but has 2",
            "9:Unexpected file format, expected either prompt/completion pairs or chat messages.");
    assertEquals(expected, said);
    assertEquals(
        List.of("2:2 extra_row_key", "10:1 duplicate_row"),
        report.warnings().stream()
            .map(it -> it.line() + ":" + it.column() + " " + it.code().word())
            .toList());
    RowFailure failure = report.failure().orElseThrow();
    assertEquals("invalid_file_format", failure.code());
    assertTrue(
        failure.message().startsWith("Invalid file format. Example 2 is missing key 'input'."),
        failure.message());
    RowRules held = RowRules.of("file-X", Which.VALIDATION, RowKind.preferences());
    RowFailure other = RowFile.check(write(rows), held, MEASURE).failure().orElseThrow();
    assertEquals("invalid_validation_file", other.code());
    assertThrows(IllegalStateException.class, () -> readAll(write(rows)));
  }

  private static int readAll(Path file) throws IOException {
    try (var rows = PreferenceFile.read(file)) {
      return rows.toList().size();
    }
  }

  @Test
  void aChatFileIsNamedAsOpenAINamesIt() throws IOException {
    String chat = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";
    RowReport report = check(write(Collections.nCopies(10, chat)), MEASURE);
    assertEquals(
        "The job failed due to an invalid training file. Invalid file format. Input file file-X is"
            + " in the fine-tune-chat format, but the specified fine-tuning job is not using"
            + " 'supervised' as the training method (provided method=dpo). (and 9 more)",
        report.failure().orElseThrow().message());
  }

  @Test
  void tooFewRowsAndRowsWithoutAnAnswerLeftAreRefused() throws IOException {
    Path few = write(Collections.nCopies(9, GOOD));
    RowReport report = check(few, MEASURE);
    assertEquals("invalid_n_examples", report.failure().orElseThrow().code());
    RowRules held = RowRules.of("file-X", Which.VALIDATION, RowKind.preferences());
    assertEquals(Optional.empty(), RowFile.check(few, held, MEASURE).failure());
    Path ten = write(Collections.nCopies(10, GOOD));
    RowReport cut = check(ten, _ -> new RowLength(20, 0, 7));
    assertEquals("invalid_training_file", cut.failure().orElseThrow().code());
    RowReport shorter = check(ten, _ -> new RowLength(20, 2, 7));
    assertEquals(Optional.empty(), shorter.failure());
    assertEquals(
        List.of(new FindingCount(FindingCode.ROW_CUT, Severity.WARNING, 10)),
        shorter.counts().stream().filter(it -> it.code() == FindingCode.ROW_CUT).toList());
  }

  @Test
  void rowsThatTeachNothingOrTwiceAreWarnedOfAndTheGoodAreCounted() throws IOException {
    List<String> rows = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      rows.add(GOOD.replace("12 degrees", n + " degrees"));
    }
    rows.set(4, rows.get(1));
    rows.set(6, GOOD.replace("12 degrees.", "No."));
    rows.set(8, "{}");
    RowReport report = check(write(rows), MEASURE);
    List<String> warned =
        report.findings().stream()
            .map(remark -> remark.line() + ":" + remark.code().word())
            .toList();
    assertEquals(
        List.of(
            "5:duplicate_row",
            "7:same_outputs",
            "9:missing_preference_key",
            "9:missing_preference_key",
            "9:missing_preference_key"),
        warned);
    assertEquals(9 * 2 * 20, report.tokens());
    assertEquals(9 * 2 * 5, report.trainedTokens());
    assertEquals(3, report.count(Severity.ERROR));
  }

  @Test
  void whatChatRowsAreLookedAtForIsLookedAtHereToo() throws IOException {
    String call =
        """
        {"role":"assistant","tool_calls":[{"id":"c1","type":"function","function":\
        {"name":"weather","arguments":"{\\"town\\":5}"}}]},\
        {"role":"tool","tool_call_id":"c2","content":"12"},{"role":"user","content":"Here."}\
        """;
    String tools =
        """
        "tools":[{"type":"function","function":{"name":"weather","parameters":\
        {"type":"object","properties":{"town":{"type":"string"}}}}},{"type":"function"}]\
        """;
    String words =
        IntStream.range(0, 60).mapToObj(n -> "word" + n).collect(Collectors.joining(" "));
    List<String> rows = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      rows.add(GOOD.replace("12 degrees", n + " degrees"));
    }
    rows.set(
        1,
        GOOD.replace("{\"role\":\"user\",\"content\":\"Here.\"}", call)
            .replace("\"tools\":[]", tools));
    rows.set(2, GOOD.replace("Cold?", words));
    rows.set(3, GOOD.replace("Cold?", words).replace("Here.", "There."));
    rows.set(4, GOOD.replace("Where?", "ghp_Ab3dAb3dAb3dAb3dAb3dAb3dAb3dAb3dAb3d"));
    rows.set(
        5,
        GOOD.replace(
            "[{\"role\":\"user\"",
            "[{\"role\":\"system\",\"content\":\"Be kind.\"},{\"role\":\"user\""));
    rows.set(6, GOOD.replace("\"12 degrees.\"", "\" \""));
    RowReport report = check(write(rows), MEASURE);
    assertEquals(
        List.of(
            "2 answer_without_call",
            "2 arguments_break_schema",
            "2 bad_tool",
            "2 call_unanswered",
            "4 near_duplicate",
            "5 access_token",
            "6 differing_prompts",
            "7 empty_answer"),
        report.findings().stream()
            .map(finding -> finding.line() + " " + finding.code().word())
            .sorted()
            .toList());
    Finding broken =
        report.findings().stream()
            .filter(finding -> finding.code() == FindingCode.ARGUMENTS_BREAK_SCHEMA)
            .findFirst()
            .orElseThrow();
    assertEquals(
        rows.get(1).indexOf("\"{\\\"town") + 1, broken.column(), "the column of the arguments");
    assertEquals(Optional.empty(), report.failure());

    RowMemory training = RowFile.remember(write(rows), RowKind.preferences());
    Path held =
        Files.writeString(
            folder.resolve("held.jsonl"),
            String.join("\n", rows.get(3).replace("There.", "Elsewhere."), rows.get(8), GOOD));
    RowRules rules = RowRules.of("file-V", Which.VALIDATION, RowKind.preferences());
    assertEquals(
        List.of("1 near_training_file", "2 in_training_file"),
        RowFile.check(held, rules, Optional.empty(), Optional.of(training)).findings().stream()
            .map(finding -> finding.line() + " " + finding.code().word())
            .toList());
  }

  @Test
  void anAnswerMayCallAFunction() throws IOException {
    String calls =
        "{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c1\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}";
    List<String> rows = new ArrayList<>();
    for (int n = 0; n < 10; n++) {
      rows.add(
          GOOD.replace("No.", "No. " + n)
              .replace("{\"role\":\"assistant\",\"content\":\"12 degrees.\"}", calls)
              .replace(
                  "\"tools\":[]",
                  "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"));
    }
    RowReport report = check(write(rows), MEASURE);
    assertEquals(
        List.of(),
        report.findings().stream().filter(it -> it.code() != FindingCode.NEAR_DUPLICATE).toList());
  }

  private static RowReport check(Path file, RowMeasure measure) throws IOException {
    return RowFile.check(
        file, RowRules.of("file-X", Which.TRAINING, RowKind.preferences()), measure);
  }

  private Path write(List<String> rows) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows) + "\n");
  }
}
