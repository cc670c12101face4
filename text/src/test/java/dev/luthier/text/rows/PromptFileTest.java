package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptFileTest {
  private static final String GOOD =
      "{\"messages\":[{\"role\":\"user\",\"content\":\"Is it?\"}],\"answer\":\"no\",\"difficulty\":3}";

  @TempDir Path folder;

  private Path file(String... lines) throws IOException {
    return Files.writeString(folder.resolve("rows.jsonl"), String.join("\n", lines));
  }

  private List<String> errors(String... lines) throws IOException {
    return PromptFile.check(file(lines), _ -> Optional.empty()).errors();
  }

  @Test
  void goodRowsComeBackWithAllTheirKeysAndBlankLinesAreNone() throws IOException {
    var report = PromptFile.check(file(GOOD, "", GOOD), _ -> Optional.empty());
    assertEquals(List.of(), report.errors());
    assertEquals(2, report.examples());
    assertEquals(Set.of("messages", "answer", "difficulty"), report.keys());
    var rows = PromptFile.read(file(GOOD, "", GOOD));
    assertEquals(List.of(1, 3), rows.stream().map(PromptRow::line).toList());
    assertEquals("no", rows.getFirst().item().path("answer").asString());
    assertEquals(1, rows.getFirst().messages().size());
    assertTrue(rows.getFirst().tools().isEmpty());
  }

  @Test
  void whatIsWrongIsSaidOfEachExample() throws IOException {
    assertEquals(
        List.of(
            "Example 2 is missing key 'messages'.",
            "Example 3 last message is not from the user: the model is to answer it",
            "Example 4, message 1 content: text expected",
            "Example 5, messages value is not a list of at least one message",
            "Example 6 is not a JSON object"),
        errors(
            GOOD,
            "{\"input\":[]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]}",
            "{\"messages\":[{\"role\":\"user\"}]}",
            "{\"messages\":[]}",
            "[1]"));
    assertTrue(errors("{\"messages\":").getFirst().contains("invalid json"));
    var role = errors("{\"messages\":[{\"role\":\"robot\",\"content\":\"a\"}]}").getFirst();
    assertTrue(role.startsWith("Example 1, message 1 role: must be one of"), role);
    assertThrows(IllegalStateException.class, () -> PromptFile.read(file("{")));
  }

  @Test
  void aHundredErrorsAreSaidAndTheOthersCounted() throws IOException {
    var report = PromptFile.check(file("{}\n".repeat(103)), _ -> Optional.empty());
    assertEquals(103, report.examples());
    assertEquals(100, report.errors().size());
    assertEquals(3, report.furtherErrors());
  }

  @Test
  void aFurtherJudgementIsAskedOfGoodRowsOnly() throws IOException {
    var report =
        PromptFile.check(
            file(GOOD, "{}"), row -> Optional.of(" of line " + row.line() + " is too long"));
    assertEquals(
        List.of("Example 1 of line 1 is too long", "Example 2 is missing key 'messages'."),
        report.errors());
  }
}
