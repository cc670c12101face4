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
    PreferenceReport report = PreferenceFile.check(file, "file-X", MEASURE);
    assertEquals(10, report.examples());
    assertEquals(List.of(), report.errors());
    assertEquals(Optional.empty(), report.failure(Which.TRAINING));
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
    PreferenceReport report = PreferenceFile.check(write(rows), "file-X", MEASURE);
    List<String> said =
        report.errors().stream().map(remark -> remark.line() + ":" + remark.message()).toList();
    List<String> begin =
        List.of(
            "2:Example 2 contains an extra \"prompt\".",
            "2:Example 2 is missing key 'input'.",
            "3:Example 3, non_preferred_output must be a list of exactly one message, but has 0",
            "4:Example 4, preferred_output content: text expected",
            "5:Example 5, input last message is from the assistant, but the outputs are to answer"
                + " it",
            "6:Example 6, input message 1 role: unexpected value; permitted: assistant, developer,"
                + " system, tool, user; given: \"human\"");
    for (String sentence : begin) {
      assertTrue(said.contains(sentence), sentence + " is not in " + said);
    }
    for (int line : new int[] {7, 8, 9}) {
      assertTrue(said.stream().anyMatch(s -> s.startsWith(line + ":")), "line " + line);
    }
    RowFailure failure = report.failure(Which.TRAINING).orElseThrow();
    assertEquals("invalid_file_format", failure.code());
    assertTrue(
        failure.message().startsWith("Invalid file format. Example 2 contains an extra"),
        failure.message());
    assertEquals("invalid_validation_file", report.failure(Which.VALIDATION).orElseThrow().code());
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
    PreferenceReport report =
        PreferenceFile.check(write(Collections.nCopies(10, chat)), "file-X", MEASURE);
    assertEquals(
        "The job failed due to an invalid training file. Invalid file format. Input file file-X is"
            + " in the fine-tune-chat format, but the specified fine-tuning job is not using"
            + " 'supervised' as the training method (provided method=dpo). (and 9 more)",
        report.failure(Which.TRAINING).orElseThrow().message());
  }

  @Test
  void tooFewRowsAndRowsWithoutAnAnswerLeftAreRefused() throws IOException {
    Path few = write(Collections.nCopies(9, GOOD));
    PreferenceReport report = PreferenceFile.check(few, "file-X", MEASURE);
    assertEquals("invalid_n_examples", report.failure(Which.TRAINING).orElseThrow().code());
    assertEquals(Optional.empty(), report.failure(Which.VALIDATION));
    Path ten = write(Collections.nCopies(10, GOOD));
    PreferenceReport cut = PreferenceFile.check(ten, "file-X", _ -> new RowLength(20, 0, 7));
    assertEquals("invalid_training_file", cut.failure(Which.TRAINING).orElseThrow().code());
    PreferenceReport shorter = PreferenceFile.check(ten, "file-X", _ -> new RowLength(20, 2, 7));
    assertEquals(Optional.empty(), shorter.failure(Which.TRAINING));
    assertEquals(10, shorter.counts().get(PreferenceFault.ROW_CUT));
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
    PreferenceReport report = PreferenceFile.check(write(rows), "file-X", MEASURE);
    List<String> warned =
        report.findings().stream()
            .map(remark -> remark.line() + ":" + remark.fault().word())
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
    assertEquals(3L, report.counts().get(PreferenceFault.MISSING_PREFERENCE_KEY));
  }

  private Path write(List<String> rows) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", rows) + "\n");
  }
}
