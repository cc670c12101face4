package dev.luthier.text.rows;

import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// Checks the form of one supervised chat row.
final class RowCheck {
  private static final Set<String> KEYS =
      Set.of("messages", "tools", "parallel_tool_calls", "functions");
  private static final int FUNCTIONS_MAX = 128;

  private final Complaints complaints;
  private final String fileId;

  RowCheck(Complaints complaints, String fileId) {
    this.complaints = complaints;
    this.fileId = fileId;
  }

  /// The row, if nothing is wrong with it.
  Optional<ChatRow> check(JsonNode row) {
    if (row.isObject() && row.has("messages")) {
      checkChat(row);
    } else {
      otherFormat(row);
    }
    return complaints.any() ? Optional.empty() : Optional.of(chatRow(row));
  }

  private void otherFormat(JsonNode row) {
    if (!row.isObject()) {
      complaints.aboutFile(
          "Unexpected file format, expected either prompt/completion pairs or chat messages.");
    } else if (row.has("preferred_output") || row.has("non_preferred_output")) {
      complaints.aboutFile(
          "Invalid file format. Input file "
              + fileId
              + " is in the fine-tune-preference format, but the specified fine-tuning job is not"
              + " using 'dpo' as the training method (provided method=supervised).");
    } else if (row.has("prompt") && row.has("completion")) {
      complaints.aboutFile(
          "Invalid file format. Input file "
              + fileId
              + " is in the prompt-completion format, but the specified model is a chat model and"
              + " requires chat-formatted data.");
    } else {
      complaints.add(FindingKind.MISSING_KEY, " is missing key 'messages'.");
    }
  }

  private void checkChat(JsonNode row) {
    for (String key : row.propertyNames()) {
      if (!KEYS.contains(key)) {
        complaints.add(FindingKind.EXTRA_KEY, " contains an extra \"" + key + "\".");
      }
    }
    checkMessages(row.path("messages"));
    if (given(row, "parallel_tool_calls") && !row.path("parallel_tool_calls").isBoolean()) {
      complaints.row(", parallel_tool_calls value could not be parsed to a boolean");
    }
    checkTools(row);
    checkFunctions(row);
  }

  private void checkMessages(JsonNode messages) {
    if (!messages.isArray()) {
      complaints.row(", messages value is not a valid list");
      return;
    }
    if (messages.isEmpty()) {
      complaints.row(" has no messages");
      return;
    }
    for (int m = 0; m < messages.size(); m++) {
      new MessageCheck(complaints, ", message " + (m + 1)).check(messages.get(m));
    }
    if (messages.valueStream().noneMatch(RowCheck::fromAssistant)) {
      complaints.row(" must have at least one message from the assistant");
    } else if (!fromAssistant(messages.get(messages.size() - 1))) {
      complaints.row(" last message is not from the assistant");
    }
  }

  private static boolean fromAssistant(JsonNode message) {
    return message.path("role").asString("").equals("assistant");
  }

  private void checkTools(JsonNode row) {
    if (!given(row, "tools")) {
      return;
    }
    JsonNode tools = row.path("tools");
    if (!tools.isArray()) {
      complaints.row(", tools value is not a valid list");
      return;
    }
    for (int t = 0; t < tools.size(); t++) {
      String place = ", tool " + (t + 1);
      JsonNode tool = tools.get(t);
      if (!tool.path("type").asString("").equals("function")) {
        complaints.row(place + " type: unexpected value; permitted: 'function'");
      }
      checkFunction(tool.path("function"), place + " function");
    }
  }

  private void checkFunctions(JsonNode row) {
    if (!given(row, "functions")) {
      return;
    }
    JsonNode functions = row.path("functions");
    if (!functions.isArray() || functions.isEmpty() || functions.size() > FUNCTIONS_MAX) {
      complaints.row(
          ", functions must be a list of 1 to "
              + FUNCTIONS_MAX
              + " functions"
              + (functions.isArray() ? ", but has " + functions.size() : ""));
      return;
    }
    for (int f = 0; f < functions.size(); f++) {
      checkFunction(functions.get(f), ", function " + (f + 1));
    }
  }

  private void checkFunction(JsonNode function, String place) {
    if (!function.isObject()) {
      complaints.row(place + " value is not a valid dict");
      return;
    }
    if (!function.path("name").isString()) {
      complaints.row(
          place + " name: " + (function.has("name") ? "str type expected" : "field required"));
    }
    if (given(function, "description") && !function.path("description").isString()) {
      complaints.row(place + " description: str type expected");
    }
    if (given(function, "parameters") && !function.path("parameters").isObject()) {
      complaints.row(place + " parameters: value is not a valid dict");
    }
  }

  static boolean given(JsonNode node, String key) {
    return node.has(key) && !node.path(key).isNull();
  }

  private ChatRow chatRow(JsonNode row) {
    ArrayNode tools = JsonNodeFactory.instance.arrayNode();
    if (given(row, "tools")) {
      tools.addAll((ArrayNode) row.path("tools"));
    }
    if (given(row, "functions")) {
      row.path("functions")
          .forEach(function -> tools.addObject().put("type", "function").set("function", function));
    }
    return new ChatRow(
        complaints.line(),
        row.path("messages"),
        tools.isEmpty() ? Optional.empty() : Optional.of(tools));
  }
}
