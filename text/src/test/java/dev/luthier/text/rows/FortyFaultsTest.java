package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// A file in which every line is wrong in a way of its own; beside it a list of line, column,
/// severity and code of each.
class FortyFaultsTest {
  private static final Path FILE = Fixtures.path("rows/forty-faults.jsonl");

  @Test
  void everyFaultIsFoundAtItsLineAndColumnAndNothingElseIs() throws IOException {
    List<String> expected = Files.readAllLines(Fixtures.path("rows/forty-faults.txt"));
    RowReport report = RowFile.check(FILE, RowRules.supervised("file-X", Which.TRAINING));
    List<String> found = report.findings().stream().map(FortyFaultsTest::line).toList();
    assertEquals(String.join("\n", expected), String.join("\n", found));
    assertTrue(report.counts().size() >= 40, report.counts()::toString);
    assertTrue(report.counts().stream().allMatch(count -> count.count() == 1));
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
