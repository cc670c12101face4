package dev.luthier.text.rows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.text.Fixtures;
import dev.luthier.text.ModelText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Users run the validator of OpenAI's cookbook first. What it passes must not be an error here,
/// but for a last message that is not the assistant's and a file of which nothing at all is
/// trained.
class CookbookTest {
  private static final int ROWS = 1500;
  private static final Set<String> KEYS =
      Set.of("role", "content", "name", "function_call", "weight");
  private static final Set<String> ROLES = Set.of("system", "user", "assistant", "function");

  /// The validator's rules: its name of a fault, and which rows have it.
  private static final Map<String, Predicate<JsonNode>> RULES =
      Map.of(
          "data_type", row -> !row.isObject(),
          "missing_messages_list", row -> !truthy(row.path("messages")),
          "message_missing_key",
              anyMessage(message -> !message.has("role") || !message.has("content")),
          "message_unrecognized_key",
              anyMessage(message -> !KEYS.containsAll(message.propertyNames())),
          "unrecognized_role",
              anyMessage(message -> !ROLES.contains(message.path("role").asString("?"))),
          "missing_content",
              anyMessage(message ->
                  !message.path("content").isString()
                      || (!truthy(message.path("content"))
                          && !truthy(message.path("function_call")))),
          "example_missing_assistant_message",
              row ->
                  row.path("messages")
                      .valueStream()
                      .noneMatch(message -> message.path("role").asString("").equals("assistant")));

  @TempDir private Path folder;

  @Test
  void whatTheCookbookPassesIsNoError() throws IOException {
    long seed = System.nanoTime();
    Random draw = new Random(seed);
    int passed = 0;
    try (ModelText text = ModelText.open(Fixtures.tinyBase())) {
      for (int r = 0; r < ROWS; r++) {
        JsonNode row = row(draw);
        JsonNode messages = row.path("messages");
        if (RULES.values().stream().anyMatch(rule -> rule.test(row))
            || !messages.path(messages.size() - 1).path("role").asString("").equals("assistant")) {
          continue;
        }
        passed++;
        Path file = Files.writeString(folder.resolve("row.jsonl"), row + "\n");
        RowRules rules = RowRules.supervised("file-X", Which.VALIDATION);
        List<Finding> errors =
            RowFile.check(file, rules, text.measure(100_000)).errors().stream()
                .filter(error -> error.line() > 0)
                .toList();
        assertEquals(List.of(), errors, () -> "seed " + seed + ": " + row);
      }
    }
    assertTrue(passed > ROWS / 30, passed + " rows passed");
  }

  /// The rules are no good if they let everything pass, or nothing.
  @Test
  void theRulesFindWhatTheyAreFor() throws IOException {
    for (String bad :
        List.of(
            "5",
            "{}",
            "{'messages':[]}",
            "{'messages':[{'role':'assistant'}]}",
            "{'messages':[{'role':'assistant','content':'a','x':1}]}",
            "{'messages':[{'role':'robot','content':'a'},{'role':'assistant','content':'a'}]}",
            "{'messages':[{'role':'assistant','content':null,'function_call':{'name':'f'}}]}",
            "{'messages':[{'role':'assistant','content':''}]}",
            "{'messages':[{'role':'user','content':'a'}]}")) {
      JsonNode row = Fixtures.JSON.readTree(bad.replace('\'', '"'));
      assertTrue(RULES.values().stream().anyMatch(rule -> rule.test(row)), bad);
    }
    JsonNode good =
        Fixtures.JSON.readTree(
            "{\"messages\":[{\"role\":\"assistant\",\"content\":\"\",\"function_call\":5}],\"x\":1}");
    assertTrue(RULES.values().stream().noneMatch(rule -> rule.test(good)));
  }

  private static Predicate<JsonNode> anyMessage(Predicate<JsonNode> fault) {
    return row ->
        row.path("messages")
            .valueStream()
            .anyMatch(message -> !message.isObject() || fault.test(message));
  }

  /// As Python's `if` takes a value.
  private static boolean truthy(JsonNode value) {
    if (value.isContainer() || value.isString()) {
      return value.isString() ? !value.asString().isEmpty() : !value.isEmpty();
    }
    return value.isNumber() ? value.asDouble() != 0 : value.isBoolean() && value.asBoolean();
  }

  private static JsonNode row(Random draw) {
    ObjectNode row = JsonNodeFactory.instance.objectNode();
    ArrayNode messages = row.putArray("messages");
    int count = 1 + draw.nextInt(4);
    for (int m = 0; m < count; m++) {
      boolean last = m == count - 1;
      ObjectNode message = messages.addObject();
      if (draw.nextInt(40) > 0) {
        message.put(
            "role",
            last
                ? "assistant"
                : one(draw, "system", "user", "assistant", "function", "tool", "robot"));
      }
      if (draw.nextInt(40) > 0) {
        message.set("content", draw.nextInt(10) > 0 ? text(draw) : any(draw));
      }
      for (String key : List.of("name", "function_call", "weight")) {
        if (draw.nextInt(4) == 0) {
          message.set(key, any(draw));
        }
      }
      if (draw.nextInt(40) == 0) {
        message.set(one(draw, "tool_calls", "tool_call_id", "mood"), any(draw));
      }
    }
    for (String key : List.of("tools", "functions", "parallel_tool_calls", "prompt", "mood")) {
      if (draw.nextInt(5) == 0) {
        row.set(key, any(draw));
      }
    }
    return row;
  }

  private static JsonNode text(Random draw) {
    return JsonNodeFactory.instance.stringNode(
        one(draw, "hello", " ", "\uD83E\uDD8A", "\uFFFD", "{", "<|im_end|>", "4111111111111111"));
  }

  private static JsonNode any(Random draw) {
    List<String> values =
        new ArrayList<>(
            List.of("0", "1", "0.5", "true", "null", "[]", "{}", "[1]", "\"x\"", "\"\"", "-1e3"));
    values.addAll(
        List.of(
            "{\"name\":\"f\"}",
            "{\"name\":5,\"arguments\":{}}",
            "{\"name\":\"f\",\"arguments\":\"{\"}",
            "{\"name\":\"f\",\"arguments\":\"5\"}",
            "[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":5,\"required\":7,\"properties\":[]}}}]",
            "[{\"name\":\"f\",\"parameters\":{\"enum\":[1]}},{\"name\":\"f\"}]"));
    return Fixtures.JSON.readTree(values.get(draw.nextInt(values.size())));
  }

  private static String one(Random draw, String... choices) {
    return choices[draw.nextInt(choices.length)];
  }
}
