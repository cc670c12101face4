package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowMemoryTest {
  @TempDir private Path folder;

  @Test
  void rowsThatDifferByAWordAreAlikeAndOthersAreNot() throws IOException {
    Random draw = new Random(11);
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < 2000; r++) {
      rows.add(words(draw, 80));
    }
    rows.add(rows.get(700).replaceFirst("w\\d+", "andere"));
    rows.add(rows.get(701));
    List<Finding> found = check(file("rows.jsonl", rows), Optional.empty());
    assertEquals(List.of("2001 near_duplicate 701", "2002 duplicate_row 702"), said(found));
    int percent = Integer.parseInt(found.getFirst().values().getOrDefault("n", "0"));
    assertTrue(percent >= 90, found.getFirst()::message);
  }

  @Test
  void shortRowsAreOnlyAlikeWhenTheyAreTheSame() throws IOException {
    List<String> rows =
        IntStream.range(0, 50).mapToObj(n -> "What is two plus " + n + "?").toList();
    assertEquals(List.of(), said(check(file("rows.jsonl", rows), Optional.empty())));
  }

  @Test
  void rowsOfTheTrainingFileAreKnownInTheValidationFile() throws IOException {
    Random draw = new Random(12);
    List<String> rows = new ArrayList<>();
    for (int r = 0; r < 50; r++) {
      rows.add(words(draw, 80));
    }
    RowMemory training = RowFile.remember(file("training.jsonl", rows), RowKind.chats());
    List<String> more =
        List.of(words(draw, 80), rows.get(3), rows.get(4).replaceFirst("w\\d+", "andere"));
    assertEquals(
        List.of("2 in_training_file 4", "3 near_training_file 5"),
        said(check(file("validation.jsonl", more), Optional.of(training))));
  }

  @Test
  void differingSystemPromptsAreToldOnce() throws IOException {
    Path file =
        Files.write(
            folder.resolve("prompts.jsonl"),
            IntStream.range(0, 30)
                .mapToObj(n -> row(n % 10 == 4 ? "Be short." : "Be kind.", "" + n))
                .toList());
    RowReport report = RowFile.check(file, RowRules.supervised("file-X", Which.TRAINING));
    assertEquals(
        List.of("The rows have 2 system prompts; the commonest opening is that of 27 of 30 rows."),
        report.findings().stream().map(Finding::message).toList());
    assertEquals(5, report.findings().getFirst().line());
  }

  @Test
  void luhnTellsCardsFromOtherNumbers() {
    assertTrue(SecretScan.isCard("4111111111111111"));
    for (String none : List.of("4111111111111112", "1234567812345670", "4444444444444444", "411")) {
      assertTrue(!SecretScan.isCard(none), none);
    }
  }

  private static String row(String system, String question) {
    return """
    {"messages":[{"role":"system","content":"%s"},{"role":"user","content":"%s"},\
    {"role":"assistant","content":"b"}]}\
    """
        .formatted(system, question);
  }

  private static String words(Random draw, int count) {
    return IntStream.range(0, count)
        .mapToObj(_ -> "w" + draw.nextInt(5000))
        .collect(Collectors.joining(" "));
  }

  private Path file(String name, List<String> questions) throws IOException {
    return Files.write(
        folder.resolve(name), questions.stream().map(question -> row("s", question)).toList());
  }

  private static List<Finding> check(Path file, Optional<RowMemory> training) throws IOException {
    RowRules rules = RowRules.supervised("file-X", Which.VALIDATION);
    return RowFile.check(file, rules, Optional.empty(), training).findings();
  }

  private static List<String> said(List<Finding> findings) {
    return findings.stream()
        .map(finding ->
            finding.line() + " " + finding.code().word() + " " + finding.values().get("other"))
        .toList();
  }
}
