package dev.luthier.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A whole base folder, against transformers; see `make_chat_fixture.py`.
class BaseFolderTest {
  private static ModelText text;

  @BeforeAll
  static void open() throws IOException {
    text = ModelText.open(Fixtures.tinyBase());
  }

  @AfterAll
  static void close() {
    text.close();
  }

  @Test
  void ordinaryConversationsGetTheIdsOfTransformers() {
    int prompts = 0;
    for (JsonNode golden : Fixtures.json("chat-golden.json")) {
      JsonNode messages = golden.path("messages");
      Optional<JsonNode> tools =
          golden.has("tools") ? Optional.of(golden.path("tools")) : Optional.empty();
      int[] ids = Fixtures.ints(golden.path("ids"));
      if (golden.path("add_generation_prompt").asBoolean()) {
        assertArrayEquals(ids, text.encodePrompt(messages, tools), golden::toString);
        prompts++;
      } else {
        EncodedRow row = text.encodeRow(new ChatRow(1, messages, tools), 100_000);
        assertArrayEquals(ids, row.tokens(), golden::toString);
      }
    }
    assertEquals(10, prompts);
  }

  @Test
  void readsTheConfiguration() {
    assertEquals(512, text.contextLength());
    assertEquals(Set.of(0, 2), text.endTokens());
  }

  @Test
  void aToolCallIsTrainedAsTheTemplateWritesIt() {
    String call =
        "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\",\"type\":\"function\","
            + "\"function\":{\"name\":\"get_weather\",\"arguments\":\"{\\\"location\\\":\\\"Lisbon\\\"}\"}}]}";
    JsonNode messages =
        Fixtures.JSON.readTree(
            "[{\"role\":\"user\",\"content\":\"Weather?\"},"
                + call
                + ",{\"role\":\"tool\",\"tool_call_id\":\"1\",\"content\":\"21\"},"
                + "{\"role\":\"assistant\",\"content\":\"21 degrees.\"}]");
    EncodedRow row = text.encodeRow(new ChatRow(1, messages, Optional.empty()), 1000);
    assertEquals(
        List.of(
            "<tool_call>\n{\"name\": \"get_weather\", \"arguments\": {\"location\": \"Lisbon\"}}\n"
                + "</tool_call><|im_end|>",
            "21 degrees.<|im_end|>"),
        ModelTextTest.runs(row));
  }

  @Test
  void aDefaultIntroductionOfTheTemplateIsNotTrained() {
    JsonNode messages =
        Fixtures.JSON.readTree(
            "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"}]");
    EncodedRow row = text.encodeRow(new ChatRow(1, messages, Optional.empty()), 1000);
    assertTrue(text.tokenizer().decode(row.tokens()).startsWith("system\nYou are a helpful"));
    assertEquals(List.of("b<|im_end|>"), ModelTextTest.runs(row));
  }

  @Test
  void aFileOfRowsIsMeasured(@TempDir Path folder) throws IOException {
    String row =
        "{\"messages\":[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"%s\"}]}\n";
    Path file =
        Files.writeString(
            folder.resolve("rows.jsonl"),
            row.formatted("b").repeat(9) + row.formatted("word ".repeat(600)));
    RowRules rules = RowRules.supervised("file-X", Which.TRAINING);
    RowReport report = RowFile.check(file, rules, text.measure(text.contextLength()));
    assertEquals(Optional.empty(), report.failure());
    int[] one = text.encodeRow(RowFile.read(file).findFirst().orElseThrow(), 512).tokens();
    assertEquals(9L * one.length + 512, report.tokens());
    assertTrue(
        report
            .warnings()
            .getLast()
            .message()
            .startsWith("Example 10 (line 10) is longer than the 512"));
  }

  @Test
  void aFolderThatLacksAFileIsRefusedByItsName(@TempDir Path folder) throws IOException {
    for (String missing : List.of("config.json", "chat_template.jinja", "tokenizer.json")) {
      var error = assertThrows(IOException.class, () -> ModelText.open(folder));
      assertTrue(Fixtures.messageOf(error).contains(missing), error::toString);
      Files.copy(Fixtures.tinyBase().resolve(missing), folder.resolve(missing));
    }
    ModelText.open(folder).close();
    Files.writeString(folder.resolve("config.json"), "{}");
    var error = assertThrows(IOException.class, () -> ModelText.open(folder));
    assertTrue(Fixtures.messageOf(error).contains("no max_position_embeddings"), error::toString);
    Files.writeString(folder.resolve("chat_template.jinja"), "{% for %}");
    Files.copy(
        Fixtures.tinyBase().resolve("config.json"),
        folder.resolve("config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    error = assertThrows(IOException.class, () -> ModelText.open(folder));
    assertTrue(Fixtures.messageOf(error).contains("no usable chat template"), error::toString);
  }
}
