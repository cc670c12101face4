package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Files of each kind of rows in which every line is wrong in a way of its own; beside each a list
/// of line, column, severity and code.
class FortyFaultsTest {
  private static final Path FILE = Fixtures.path("rows/forty-faults.jsonl");

  @ParameterizedTest
  @MethodSource("files")
  void everyFaultIsFoundAtItsLineAndColumnAndNothingElseIs(String name, RowKind kind)
      throws IOException {
    List<String> expected = Files.readAllLines(Fixtures.path("rows/" + name + ".txt"));
    RowRules rules = RowRules.of("file-X", Which.TRAINING, kind);
    RowReport report = RowFile.check(Fixtures.path("rows/" + name + ".jsonl"), rules);
    List<String> found = report.findings().stream().map(FortyFaultsTest::line).toList();
    assertEquals(String.join("\n", expected), String.join("\n", found));
    assertTrue(report.counts().size() >= 40, report.counts()::toString);
    assertTrue(report.counts().stream().allMatch(count -> count.count() == 1));
  }

  static Stream<Arguments> files() {
    RowKind graded =
        new RowKind.Prompts(item -> item.has("answer") ? List.of() : List.of("{{item.answer}}"));
    return Stream.of(
        Arguments.of("forty-faults", RowKind.chats()),
        Arguments.of("forty-pairs", RowKind.preferences()),
        Arguments.of("forty-prompts", graded));
  }

  @ParameterizedTest
  @CsvSource({
    "True,python_literal",
    "None,python_literal",
    "Nothing,invalid_json",
    "vm,invalid_json"
  })
  void onlyPythonsOwnWordsAreTakenForThem(String word, String code, @TempDir Path folder)
      throws IOException {
    Path file = folder.resolve("rows.jsonl");
    for (String line : List.of(word, "{\"messages\": " + word + "}")) {
      Files.writeString(file, line);
      RowReport report = RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING));
      Finding first = report.findings().getFirst();
      assertEquals(code, first.code().word());
      assertEquals(line.indexOf(word) + 1, first.column());
    }
  }

  @Test
  void everyFaultHasARemedy() {
    for (FindingCode code : FindingCode.values()) {
      assertTrue(code.remedy().endsWith("."), code::name);
    }
  }

  @Test
  void aRowIsShownWithItsFindings() throws IOException {
    RowRules rules = RowRules.supervised("file-X", Which.TRAINING);
    List<SeenRow> rows = RowFile.page(FILE, rules, 1, 100);
    SeenRow card =
        rows.stream().filter(row -> row.text().contains("4111")).findFirst().orElseThrow();
    assertEquals(FindingCode.CARD_NUMBER, card.findings().getFirst().code());
  }

  private static String line(Finding finding) {
    return finding.line()
        + " "
        + finding.column()
        + " "
        + finding.severity().name().toLowerCase(Locale.ROOT)
        + " "
        + finding.code().word();
  }
}
