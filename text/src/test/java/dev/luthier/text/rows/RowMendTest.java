package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.luthier.text.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class RowMendTest {
  @TempDir private Path folder;

  @Test
  void aGoodFileIsCopiedByteForByte() throws IOException {
    String text = row("\\u00e9 \uD83E\uDD8A") + "\n" + row("b").replace(":", " : ") + "\n";
    assertEquals(text, mended(text));
    assertEquals(List.of(), said);
  }

  @Test
  void marksLineEndsAndBlankLinesGo() throws IOException {
    assertEquals(
        row("a") + "\n" + row("b") + "\n",
        mended("\uFEFF" + row("a") + "\r\n\r\n" + row("b") + "\r\n"));
    assertEquals(
        List.of(
            "line 1: byte_order_mark, mended",
            "line 1: carriage_returns, mended",
            "line 2: blank_line, left out"),
        said);
  }

  @Test
  void commasSeveralObjectsAndTabsAreMended() throws IOException {
    String mended =
        mended(
            row("a")
                + ",\n"
                + row("b")
                + row("c")
                + "\n"
                + row("d\te")
                + "\n"
                + row("f").replace("]}", ",],}")
                + "\n");
    assertEquals(
        List.of(row("a"), row("b"), row("c"), row("d\\te"), row("f")).stream()
            .map(Fixtures.JSON::readTree)
            .toList(),
        rows(mended));
    assertEquals(
        List.of(
            "line 1: trailing_comma, mended",
            "line 2: several_objects, mended",
            "line 3: control_character, mended",
            "line 4: trailing_comma, mended",
            "line 4: trailing_comma, mended"),
        said);
  }

  @Test
  void aListBecomesLinesHoweverItIsLaidOut() throws IOException {
    List<JsonNode> rows =
        List.of(Fixtures.JSON.readTree(row("a")), Fixtures.JSON.readTree(row("b ]},{ c")));
    String pretty = Fixtures.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(rows);
    String lines = "[\n" + rows.get(0) + ",\n" + rows.get(1) + "\n]\n";
    for (String list : List.of(pretty, lines, rows.toString(), "[" + lines.substring(2))) {
      assertEquals(rows, rows(mended(list)), list);
    }
  }

  @Test
  void anObjectOverSeveralLinesIsJoinedAndAnOpenOneSwallowsNothing() throws IOException {
    String pretty =
        Fixtures.JSON
            .writerWithDefaultPrettyPrinter()
            .writeValueAsString(Fixtures.JSON.readTree(row("a")));
    assertEquals(List.of(Fixtures.JSON.readTree(row("a"))), rows(mended(pretty)));
    assertEquals(List.of("line 1: split_object, mended"), said);
    String open = row("a").substring(0, 41) + "\n";
    assertEquals(open + row("b") + "\n", mended(open + row("b") + "\n"));
  }

  @Test
  void whatMeansNothingGoesAndEmptyAnswersAndRepetitionsAreLeftOut() throws IOException {
    String extra =
        row("a")
            .replace("{\"messages\"", "{\"mood\":1,\"messages\"")
            .replace("\"user\",", "\"user\",\"weight\":1,\"id\":7,");
    String empty = row("c").replace("answer", " \\n");
    assertEquals(
        List.of(row("a"), row("b")).stream().map(Fixtures.JSON::readTree).toList(),
        rows(mended(String.join("\n", extra, empty, row("b"), row("a")) + "\n")));
    assertEquals(
        List.of(
            "line 1: extra_row_key, mended",
            "line 1: extra_message_key, mended",
            "line 1: idle_key, mended",
            "line 2: empty_answer, left out",
            "line 4: duplicate_row, left out"),
        said);
  }

  @Test
  void whatCannotBeMendedStaysAsItIs() throws IOException {
    Path file = folder.resolve("bad.jsonl");
    byte[] latin = (row("\u00e9") + "\n{'a'}\n").getBytes(StandardCharsets.ISO_8859_1);
    Files.write(file, latin);
    Path copy = folder.resolve("copy.jsonl");
    MendReport report = RowMend.mend(file, copy, kind);
    assertArrayEquals(latin, Files.readAllBytes(copy));
    assertEquals(2, report.unmended());
    assertThrows(IOException.class, () -> RowMend.mend(file, file, kind));
  }

  @Test
  void rowsOfTwoAnswersLoseWhatMeansNothingAndAreLeftOutWhereNothingIsLearnt() throws IOException {
    kind = RowKind.preferences();
    String good = pair("a", "yes", "no");
    String extra =
        pair("b", "yes", "no")
            .replace("{\"input\":{", "{\"id\":1,\"input\":{\"mood\":2,")
            .replace("\"user\",", "\"user\",\"weight\":1,\"at\":7,");
    String open = good.substring(0, 60);
    assertEquals(
        List.of(good, pair("b", "yes", "no"), open),
        mended(
                String.join(
                        "\n",
                        good + ",",
                        extra,
                        pair("c", "", "no"),
                        pair("d", "no", "no"),
                        good,
                        open)
                    + "\n")
            .lines()
            .toList());
    assertEquals(
        List.of(
            "line 1: trailing_comma, mended",
            "line 2: extra_row_key, mended",
            "line 2: extra_row_key, mended",
            "line 2: extra_message_key, mended",
            "line 2: idle_key, mended",
            "line 3: empty_answer, left out",
            "line 4: same_outputs, left out",
            "line 5: duplicate_row, left out"),
        said);
  }

  @Test
  void promptsKeepWhatTheirGraderReads() throws IOException {
    kind = RowKind.prompts();
    String prompt = "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}],\"answer\":\"b\"}";
    String extra = prompt.replace("\"user\",", "\"user\",\"at\":7,");
    String other = prompt.replace("\"b\"", "\"c\"");
    assertEquals(
        List.of(prompt, other), mended(String.join("\n", prompt, extra, other)).lines().toList());
    assertEquals(
        List.of("line 2: extra_message_key, mended", "line 2: duplicate_row, left out"), said);
  }

  private static String pair(String question, String preferred, String other) {
    return """
    {"input":{"messages":[{"role":"user","content":"%s"}]},\
    "preferred_output":[{"role":"assistant","content":"%s"}],\
    "non_preferred_output":[{"role":"assistant","content":"%s"}]}\
    """
        .formatted(question, preferred, other);
  }

  @Test
  void theMendedCopyHasNoneOfTheFindingsThatPromiseIt() throws IOException {
    Path copy = folder.resolve("copy.jsonl");
    RowMend.mend(Fixtures.path("rows/forty-faults.jsonl"), copy, kind);
    RowReport report = RowFile.check(copy, RowRules.supervised("file-X", Which.TRAINING));
    assertEquals(
        List.of(),
        report.findings().stream()
            .map(Finding::code)
            .filter(code -> code.remedy().contains("The mended copy"))
            .filter(code -> code != FindingCode.JSON_ARRAY) // Inside a file of rows: no list.
            .toList());
  }

  private RowKind kind = RowKind.chats();
  private List<String> said = List.of();

  private String mended(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), text);
    Path copy = folder.resolve("copy.jsonl");
    said = RowMend.mend(file, copy, kind).changes().stream().map(MendReport.Change::words).toList();
    return Files.readString(copy);
  }

  private static List<JsonNode> rows(String mended) {
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<String> lines = mended.lines()) {
      lines.forEach(line -> rows.add(Fixtures.JSON.readTree(line)));
    }
    return rows;
  }

  private static String row(String question) {
    return """
    {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"answer"}]}\
    """
        .formatted(question);
  }
}
