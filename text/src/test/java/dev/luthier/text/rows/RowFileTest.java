package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowFileTest {
  private static final String GOOD =
      """
      {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}]}\
      """;
  private static final String INVALID =
      "The job failed due to an invalid training file. Invalid file format. ";

  @TempDir private Path folder;

  @Test
  void tenGoodRowsAreEnough() throws IOException {
    RowReport report = check(rows(10));
    assertEquals(10, report.examples());
    assertEquals(List.of(), report.findings());
    assertEquals(Optional.empty(), report.failure());
  }

  @Test
  void aPageShowsGoodAndBadRowsWithTheirLines() throws IOException {
    Path file = folder.resolve("page.jsonl");
    Files.writeString(file, String.join("\n", GOOD, "", "{", GOOD, GOOD) + "\n");
    List<SeenRow> page = RowFile.page(file, RowRules.supervised("file-1", Which.TRAINING), 2, 2);
    assertEquals(List.of(2, 3), page.stream().map(SeenRow::example).toList());
    assertEquals(List.of(3, 4), page.stream().map(SeenRow::line).toList());
    assertEquals("{", page.getFirst().text());
    assertTrue(page.getFirst().row().isEmpty());
    assertEquals(3, page.getFirst().findings().getFirst().line());
    assertEquals(List.of(), page.getLast().findings());
    assertTrue(page.getLast().row().isPresent());
    assertEquals(
        List.of(), RowFile.page(file, RowRules.supervised("file-1", Which.TRAINING), 5, 2));
  }

  @Test
  void nineRowsAreTooFewToTrainOnButEnoughToValidateWith() throws IOException {
    RowReport report = check(rows(9));
    assertEquals(
        Optional.of(
            new RowFailure(
                "invalid_n_examples",
                "Training file has 9 example(s), but must have at least 10 examples",
                "training_file",
                0)),
        report.failure());
    RowRules rules = RowRules.supervised("file-X", Which.VALIDATION);
    Path file = write(String.join("\n", rows(9)));
    assertEquals(Optional.empty(), RowFile.check(file, rules).failure());
  }

  @Test
  void brokenJsonIsNamedInPythonsWordsWithItsLine() throws IOException {
    var rows = rows(12);
    rows.set(3, "{\"messages\": [{\"role\": \"user\" \"content\": \"x\"}]}");
    RowFailure failure = failure(rows);
    assertEquals("invalid_training_file", failure.code());
    assertEquals("training_file", failure.param());
    assertEquals(4, failure.line());
    assertEquals(
        INVALID
            + "Example 4 cannot be parsed. Error: line contains invalid json: Expecting ',' delimiter:"
            + " line 1 column 31 (char 30) (line 4)",
        failure.message());
  }

  @Test
  void aMissingRoleIsNamedAsOpenAiDoes() throws IOException {
    var rows = rows(100);
    rows.set(
        99,
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"content\":\"b\"},"
            + "{\"role\":\"assistant\",\"content\":\"b\"}]}");
    assertEquals(
        INVALID + "Example 100, message 2 Discriminator 'role' is missing in value",
        failure(rows).message());
  }

  @Test
  void anExtraKeyOfAMessageIsAFileFormatErrorAndOneOfTheRowAWarning() throws IOException {
    var rows = rows(10);
    rows.set(0, GOOD.replace("{\"messages\"", "{\"weight\":1,\"messages\""));
    RowReport odd = check(rows);
    assertEquals(Optional.empty(), odd.failure());
    assertEquals("Example 1 contains an extra \"weight\".", odd.warnings().getFirst().message());
    rows.set(1, GOOD.replace("{\"role\":\"user\"", "{\"mood\":1,\"role\":\"user\""));
    assertEquals(
        new RowFailure(
            "invalid_file_format",
            "The job failed due to a file format error in the training file. Invalid file format."
                + " Example 2, message 1 contains an extra \"mood\".",
            "training_file",
            2),
        failure(rows));
  }

  @Test
  void missingMessagesAreAFileFormatErrorWithoutPreamble() throws IOException {
    var rows = rows(10);
    rows.set(0, "{\"text\":\"a\"}");
    assertEquals(
        new RowFailure(
            "invalid_file_format",
            "Invalid file format. Example 1 is missing key 'messages'.",
            "training_file",
            1),
        failure(rows));
  }

  @Test
  void aValidationFileHasItsOwnCodeAndParam() throws IOException {
    Path file = write(GOOD + "\n{\"messages\":[]}\n");
    RowReport report = RowFile.check(file, RowRules.supervised("file-X", Which.VALIDATION));
    assertEquals(
        Optional.of(
            new RowFailure(
                "invalid_validation_file",
                "The job failed due to an invalid validation file. Invalid file format. Example 2 has"
                    + " no messages",
                "validation_file",
                2)),
        report.failure());
  }

  @Test
  void otherFormatsAreRecognised() throws IOException {
    assertEquals(
        "The job failed due to an invalid training file. Invalid file format. Input file file-X is in"
            + " the fine-tune-preference format, but the specified fine-tuning job is not using 'dpo'"
            + " as the training method (provided method=supervised).",
        failure(
                List.of(
                    "{\"input\":{\"messages\":[]},\"preferred_output\":[],\"non_preferred_output\":[]}"))
            .message());
    for (String row : List.of("[]", "5", "\"text\"", "null")) {
      assertEquals(
          "The job failed due to an invalid training file. Unexpected file format, expected either"
              + " prompt/completion pairs or chat messages.",
          failure(List.of(row)).message());
    }
    assertTrue(
        failure(List.of("{\"prompt\":\"a\",\"completion\":\"b\"}"))
            .message()
            .contains("file-X is in the prompt-completion format"));
  }

  /// The tail of the one message of the row, after "Example 1".
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role":"robot","content":"a"} | , message 1 No match for discriminator 'role' and value 'robot' (allowed values: 'system', 'user', 'assistant', 'tool', 'function', 'developer')
          {"role":5,"content":"a"} | , message 1 No match for discriminator 'role' and value 5 (allowed values: 'system', 'user', 'assistant', 'tool', 'function', 'developer')
          "hello" | , message 1 value is not a valid dict
          {"role":"user"} | , message 1 content: field required
          {"role":"user","content":null} | , message 1 content: none is not an allowed value
          {"role":"assistant","content":null} | , message 1 content: none is not an allowed value
          {"role":"user","content":5} | , message 1 content: str type expected
          {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a/b.png"}}]} | , message 1 content: holds an image, but this model reads text only
          {"role":"user","content":[{"type":"text"}]} | , message 1 content: text of a part must be a string
          {"role":"user","content":["a"]} | , message 1 content: type of a part must be 'text', but is
          {"role":"user","content":"a","mood":"good"} | , message 1 contains an extra "mood".
          {"role":"tool","content":"a"} | , message 1 tool_call_id: field required
          {"role":"assistant","tool_calls":[]} | , message 1 tool_calls: value is not a list of at least one call
          {"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":{}}}]} | , message 1 tool call 1 function arguments: a string that holds JSON is expected
          {"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{"}}]} | , message 1 tool call 1 function arguments: invalid json: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
          {"role":"assistant","tool_calls":[{"type":"function","function":{"name":"f","arguments":"{}"}}]} | , message 1 tool call 1 id: field required
          {"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f","arguments":"{}"}}]} | , message 1 tool call 1 type: unexpected value; permitted: 'function'
          """)
  void aWrongMessageIsNamedWithWhatIsWrong(String message, String tail) throws IOException {
    String row = "{\"messages\":[" + message + ",{\"role\":\"assistant\",\"content\":\"b\"}]}";
    List<Finding> errors = errorsOfRows(check(List.of(row)));
    assertEquals("Example 1" + tail, errors.getFirst().message().strip());
    assertEquals(1, errors.size(), errors::toString);
  }

  /// As above, but OpenAI's validator passes it, so it warns.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"role":"user","content":"a","weight":1} | , message 1 weight: only an assistant's message may have it, this is a user's
          {"role":"assistant","content":"a","weight":0.5} | , message 1 weight: unexpected value; permitted: 0, 1; given: 0.5
          {"role":"assistant","content":"a","weight":2} | , message 1 weight: unexpected value; permitted: 0, 1; given: 2
          {"role":"assistant","content":"a","weight":true} | , message 1 weight: unexpected value; permitted: 0, 1; given: true
          {"role":"assistant","content":"a","weight":"1"} | , message 1 weight: unexpected value; permitted: 0, 1; given: "1"
          {"role":"function","content":"a"} | , message 1 name: field required
          {"role":"user","content":"a","name":5} | , message 1 name: str type expected
          {"role":"assistant","content":"a","function_call":{"arguments":"{}"}} | , message 1 function_call name: field required
          """)
  void anOddMessageIsNamedWithWhatIsOdd(String message, String tail) throws IOException {
    String row = "{\"messages\":[" + message + ",{\"role\":\"assistant\",\"content\":\"b\"}]}";
    RowReport report = check(List.of(row));
    assertEquals(List.of(), errorsOfRows(report));
    String what = "Example 1" + tail;
    List<String> found = report.warnings().stream().map(Finding::message).toList();
    assertTrue(found.contains(what), found::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages":[{"role":"user","content":"a"}]} |  must have at least one message from the assistant
          {"messages":[{"role":"assistant","content":"b"},{"role":"user","content":"a"}]} |  last message is not from the assistant
          {"messages":[]} |  has no messages
          {"messages":"hi"} | , messages value is not a valid list
          """)
  void aWrongRowIsNamedWithWhatIsWrong(String row, String tail) throws IOException {
    assertEquals(
        "Example 1" + (tail.startsWith(",") ? "" : " ") + tail.strip(),
        check(List.of(row)).errors().getFirst().message());
  }

  /// As above, but OpenAI's validator passes it, so it warns.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages":[{"role":"assistant","content":"b"}],"tools":{}} | , tools value is not a valid list
          {"messages":[{"role":"assistant","content":"b"}],"tools":[{"type":"x","function":{"name":"f"}}]} | , tool 1 type: unexpected value; permitted: 'function'
          {"messages":[{"role":"assistant","content":"b"}],"tools":[{"type":"function","function":{}}]} | , tool 1 function name: field required
          {"messages":[{"role":"assistant","content":"b"}],"tools":[{"type":"function","function":{"name":"f","parameters":[]}}]} | , tool 1 function parameters: value is not a valid dict
          {"messages":[{"role":"assistant","content":"b"}],"functions":[]} | , functions must be a list of 1 to 128 functions, but has 0
          {"messages":[{"role":"assistant","content":"b"}],"parallel_tool_calls":"no"} | , parallel_tool_calls value could not be parsed to a boolean
          """)
  void oddToolsAreNamedAndNotOffered(String row, String tail) throws IOException {
    RowReport report = check(List.of(row));
    assertEquals(List.of(), errorsOfRows(report));
    List<String> found = report.warnings().stream().map(Finding::message).toList();
    assertTrue(found.contains("Example 1" + tail), found::toString);
    try (var rows = RowFile.read(write(row))) {
      assertEquals(Optional.empty(), rows.findFirst().orElseThrow().tools());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"messages":[{"role":"system","content":"s"},{"role":"user","content":"a","name":"Ann"},{"role":"assistant","content":"b","weight":0},{"role":"user","content":"c"},{"role":"assistant","content":"d","weight":1}]}
          {"messages":[{"role":"user","content":"Weather?"},{"role":"assistant","tool_calls":[{"id":"call_id","type":"function","function":{"name":"get_weather","arguments":"{\\"location\\": \\"SF\\"}"}}]}],"parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"get_weather","description":"…","parameters":{"type":"object","properties":{},"required":[]}}}]}
          {"messages":[{"role":"user","content":"a"},{"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}},{"role":"function","name":"f","content":"1"},{"role":"assistant","content":"b"}],"functions":[{"name":"f"}]}
          {"messages":[{"role":"developer","content":"s"},{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"assistant","content":"","refusal":null,"weight":null}]}
          {"messages":[{"role":"user","content":""},{"role":"assistant","content":"b"}],"tools":null}
          """)
  void goodRowsPass(String row) throws IOException {
    assertEquals(List.of(), errorsOfRows(check(List.of(row))));
  }

  @Test
  void legacyFunctionsArriveAsTools() throws IOException {
    Path file =
        write(
            "{\"messages\":[{\"role\":\"assistant\",\"content\":\"b\"}],\"functions\":[{\"name\":\"f\"}]}");
    try (var rows = RowFile.read(file)) {
      assertEquals(
          Fixtures.JSON.readTree("[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]"),
          rows.findFirst().orElseThrow().tools().orElseThrow());
    }
  }

  @Test
  void aByteOrderMarkWindowsLineEndsAndBlankLinesAreFine() throws IOException {
    Path file = write("\uFEFF" + String.join("\r\n", rows(10)) + "\r\n\r\n  \n");
    RowReport report = RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING));
    assertEquals(Optional.empty(), report.failure());
    assertEquals(10, report.examples());
  }

  @Test
  void examplesAreCountedWithoutBlankLines() throws IOException {
    Path file = write("\n\n" + GOOD + "\n\n{]\n");
    Finding finding =
        RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING)).errors().getFirst();
    assertEquals(2, finding.example());
    assertEquals(5, finding.line());
    assertTrue(finding.message().startsWith("Example 2 cannot"), finding::message);
    assertTrue(finding.message().endsWith("(char 1) (line 5)"), finding::message);
  }

  @Test
  void bytesThatAreNotUtf8AreNamedWithLineAndByte() throws IOException {
    byte[] bytes =
        (GOOD + "\n" + GOOD.replace("\"a\"", "\"é\"") + "\n").getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(folder.resolve("latin1.jsonl"), bytes);
    Finding finding =
        RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING)).errors().getFirst();
    int column = GOOD.indexOf("\"a\"") + 2;
    assertEquals(
        "Example 2 cannot be parsed. Error: line is not UTF-8: byte %d of the line (byte %d of the file) is 0xe9 (line 2)"
            .formatted(column, GOOD.length() + 1 + column),
        finding.message());
  }

  @Test
  void aLineThatIsTooLongIsPassedOver() throws IOException {
    Path file = write(GOOD + "\n" + "x".repeat(500_000) + "\n" + GOOD + "\n");
    RowReport report =
        RowFile.check(file, new RowRules("file-X", Which.VALIDATION, RowKind.chats(), 100, 1000));
    assertEquals(3, report.examples());
    assertEquals(
        List.of(
            "Example 2 cannot be parsed. Error: line is longer than the 1000 bytes it may have (line 2)"),
        report.errors().stream().map(Finding::message).toList());
  }

  @Test
  void findingsBeyondTheLimitAreCounted() throws IOException {
    Path file = write("{\n".repeat(250));
    RowReport report = RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING));
    assertEquals(25, report.findings().size());
    assertEquals(225, report.furtherErrors());
    String message = report.failure().orElseThrow().message();
    assertTrue(message.endsWith("(line 1) (and 249 more)"), message);
  }

  @Test
  void aFloodOfOneKindHidesNoOther() throws IOException {
    String idle = GOOD.replace("\"b\"}", "\"b\",\"weight\":0}");
    Path file = write((idle + "\n").repeat(20) + "{\n");
    RowReport report =
        RowFile.check(file, new RowRules("file-X", Which.TRAINING, RowKind.chats(), 5, 1000));
    assertEquals(11, report.findings().size(), report.findings()::toString);
    assertEquals(List.of(20L, 19L, 1L), report.counts().stream().map(FindingCount::count).toList());
    assertEquals(15 + 14, report.furtherWarnings());
    assertEquals(21, report.failure().orElseThrow().line());
  }

  @Test
  void aRowOfWeightZeroIsAWarningButAFileOfThemAnError() throws IOException {
    String idle = GOOD.replace("\"b\"}", "\"b\",\"weight\":0}");
    var rows = rows(10);
    rows.set(4, idle);
    RowReport some = check(rows);
    assertEquals(Optional.empty(), some.failure());
    assertEquals(
        List.of("Example 5 trains nothing: its assistant's messages have weight 0"),
        some.warnings().stream().map(Finding::message).toList());
    String message = failure(Collections.nCopies(10, idle)).message();
    assertTrue(message.contains("None of the 10 examples has an answer to train on"), message);
  }

  @Test
  void measuredRowsAreAddedUpAndCutRowsTold() throws IOException {
    Path file = write(String.join("\n", rows(10)));
    RowReport report =
        RowFile.check(
            file,
            RowRules.supervised("file-X", Which.TRAINING),
            row -> new RowLength(8, 3, row.line() == 7 ? 2 : 0));
    assertEquals(80, report.tokens());
    assertEquals(30, report.trainedTokens());
    assertEquals(
        "Example 7 (line 7) is longer than the 8 tokens of the model's context: 2 tokens were cut off"
            + " its end",
        report.warnings().getFirst().message());
    assertEquals(2, report.tokensLost());
    assertEquals(Optional.empty(), report.failure());
  }

  @Test
  void aRowThatTheModelRefusesIsAnError() throws IOException {
    Path file = write(String.join("\n", rows(10)));
    RowReport report =
        RowFile.check(
            file,
            RowRules.supervised("file-X", Which.TRAINING),
            row -> {
              throw new RowRefusedException(" is refused");
            });
    assertEquals(10, report.errors().size());
    assertEquals("Example 1 is refused", report.errors().getFirst().message());
  }

  @Test
  void rowsAreReadInOrderAndABadOneEndsTheStream() throws IOException {
    Path file = write(GOOD + "\n\n" + GOOD + "\n{}\n");
    try (var rows = RowFile.read(file)) {
      assertEquals(List.of(1, 3), rows.limit(2).map(ChatRow::line).toList());
    }
    try (var rows = RowFile.read(file)) {
      var error = assertThrows(IllegalStateException.class, rows::toList);
      assertTrue(Fixtures.messageOf(error).contains("Example 3 is missing key 'messages'."));
    }
  }

  @Test
  void rowsLongerThanAReadOfTheFileAreWhole() throws IOException {
    Path file = folder.resolve("large.jsonl");
    byte[] row =
        (GOOD.replace("\"b\"", "\"" + "b".repeat(100_000) + "\"") + "\n")
            .getBytes(StandardCharsets.UTF_8);
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < 300; i++) {
        out.write(row);
      }
    }
    try (var rows = RowFile.read(file)) {
      assertEquals(300, rows.count());
    }
    assertFalse(
        RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING)).failure().isPresent());
  }

  /// Rows that differ; the first is [#GOOD].
  private static List<String> rows(int count) {
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < count; r++) {
      rows.add(GOOD.replace("\"a\"", "\"" + "a".repeat(r + 1) + "\""));
    }
    return rows;
  }

  private static List<Finding> errorsOfRows(RowReport report) {
    return report.errors().stream().filter(finding -> finding.line() > 0).toList();
  }

  private RowReport check(List<String> rows) throws IOException {
    return RowFile.check(
        write(String.join("\n", rows) + "\n"), RowRules.supervised("file-X", Which.TRAINING));
  }

  private RowFailure failure(List<String> rows) throws IOException {
    return check(rows).failure().orElseThrow();
  }

  private Path write(String text) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), text);
  }
}
