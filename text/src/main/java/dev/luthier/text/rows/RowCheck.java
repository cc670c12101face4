package dev.luthier.text.rows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Checks the form of one supervised chat row.
///
/// Nothing is an error that the validator of OpenAI's cookbook passes, but for a last message that
/// is not the assistant's. What it does not look at (other keys, tools, weights) gets a warning,
/// and is left out of the row where it could not be used.
final class RowCheck {
  private static final Set<String> KEYS =
      Set.of("messages", "tools", "parallel_tool_calls", "functions");
  private static final int FUNCTIONS_MAX = 128;
  private static final Place MESSAGES = Place.ROOT.member("messages");

  private final Complaints complaints;
  private final String fileId;
  private final ArrayNode tools = JsonNodeFactory.instance.arrayNode();
  private final Map<String, JsonNode> functions = new HashMap<>();

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
          row.isArray() ? FindingCode.JSON_ARRAY : FindingCode.NOT_AN_OBJECT,
          "Unexpected file format, expected either prompt/completion pairs or chat messages.");
    } else if (row.has("preferred_output") || row.has("non_preferred_output")) {
      complaints.aboutFile(
          FindingCode.PREFERENCE_ROWS,
          "Invalid file format. Input file "
              + fileId
              + " is in the fine-tune-preference format, but the specified fine-tuning job is not"
              + " using 'dpo' as the training method (provided method=supervised).");
    } else if (row.has("prompt") && row.has("completion")) {
      complaints.aboutFile(
          FindingCode.COMPLETION_ROWS,
          "Invalid file format. Input file "
              + fileId
              + " is in the prompt-completion format, but the specified model is a chat model and"
              + " requires chat-formatted data.");
    } else {
      complaints.error(FindingCode.MISSING_MESSAGES, Place.ROOT, " is missing key 'messages'.");
    }
  }

  private void checkChat(JsonNode row) {
    for (String key : row.propertyNames()) {
      if (!KEYS.contains(key)) {
        complaints.warn(
            FindingCode.EXTRA_ROW_KEY,
            Place.ROOT.nameOf(key),
            " contains an extra \"" + key + "\".",
            "key",
            key);
      }
    }
    if (given(row, "parallel_tool_calls") && !row.path("parallel_tool_calls").isBoolean()) {
      complaints.warn(
          FindingCode.BAD_PARALLEL_TOOL_CALLS,
          Place.ROOT.member("parallel_tool_calls"),
          ", parallel_tool_calls value could not be parsed to a boolean");
    }
    checkTools(row);
    checkFunctions(row);
    checkMessages(row.path("messages"));
  }

  private void checkMessages(JsonNode messages) {
    if (!messages.isArray()) {
      complaints.error(
          FindingCode.MESSAGES_NOT_A_LIST, MESSAGES, ", messages value is not a valid list");
      return;
    }
    if (messages.isEmpty()) {
      complaints.error(FindingCode.NO_MESSAGES, MESSAGES, " has no messages");
      return;
    }
    for (int m = 0; m < messages.size(); m++) {
      new MessageCheck(complaints, m, functions).check(messages.get(m));
    }
    Place last = MESSAGES.element(messages.size() - 1);
    if (messages.valueStream().noneMatch(RowCheck::fromAssistant)) {
      complaints.error(
          FindingCode.NO_ANSWER, last, " must have at least one message from the assistant");
    } else if (!fromAssistant(messages.get(messages.size() - 1))) {
      complaints.error(
          FindingCode.LAST_NOT_ASSISTANT, last, " last message is not from the assistant");
    }
    if (!complaints.any()) {
      new OrderCheck(complaints, messages).check();
    }
  }

  private static boolean fromAssistant(JsonNode message) {
    return message.path("role").asString("").equals("assistant");
  }

  private void checkTools(JsonNode row) {
    if (!given(row, "tools")) {
      return;
    }
    JsonNode list = row.path("tools");
    Place place = Place.ROOT.member("tools");
    if (!list.isArray()) {
      complaints.warn(FindingCode.BAD_TOOL_LIST, place, ", tools value is not a valid list");
      return;
    }
    for (int t = 0; t < list.size(); t++) {
      JsonNode tool = list.get(t);
      boolean good = tool.path("type").asString("").equals("function");
      if (!good) {
        badTool(
            place.element(t),
            ", tool " + (t + 1) + " type: unexpected value; permitted: 'function'");
      }
      if (function(tool.path("function"), place.element(t), ", tool " + (t + 1) + " function")
          && good) {
        tools.add(tool);
      }
    }
  }

  private void checkFunctions(JsonNode row) {
    if (!given(row, "functions")) {
      return;
    }
    JsonNode list = row.path("functions");
    Place place = Place.ROOT.member("functions");
    if (!list.isArray() || list.isEmpty() || list.size() > FUNCTIONS_MAX) {
      complaints.warn(
          FindingCode.BAD_TOOL_LIST,
          place,
          ", functions must be a list of 1 to "
              + FUNCTIONS_MAX
              + " functions"
              + (list.isArray() ? ", but has " + list.size() : ""));
      return;
    }
    for (int f = 0; f < list.size(); f++) {
      if (function(list.get(f), place.element(f), ", function " + (f + 1))) {
        tools.addObject().put("type", "function").set("function", list.get(f));
      }
    }
  }

  /// Whether a function can be offered.
  private boolean function(JsonNode function, Place place, String words) {
    if (!function.isObject()) {
      badTool(place, words + " value is not a valid dict");
      return false;
    }
    boolean good = function.path("name").isString();
    if (!good) {
      badTool(
          place,
          words + " name: " + (function.has("name") ? "str type expected" : "field required"));
    }
    if (given(function, "description") && !function.path("description").isString()) {
      badTool(place, words + " description: str type expected");
      good = false;
    }
    if (given(function, "parameters") && !function.path("parameters").isObject()) {
      badTool(place, words + " parameters: value is not a valid dict");
      good = false;
    }
    if (good) {
      String name = function.path("name").asString();
      if (functions.put(name, function.path("parameters")) != null) {
        complaints.warn(
            FindingCode.TOOL_TWICE,
            place,
            words + " name: '" + name + "' is offered twice",
            "name",
            name);
      }
    }
    return good;
  }

  private void badTool(Place place, String clause) {
    complaints.warn(FindingCode.BAD_TOOL, place, clause);
  }

  static boolean given(JsonNode node, String key) {
    return node.has(key) && !node.path(key).isNull();
  }

  private ChatRow chatRow(JsonNode row) {
    row.path("messages").forEach(RowCheck::leaveOutUnusable);
    return new ChatRow(
        complaints.line(),
        row.path("messages"),
        tools.isEmpty() ? Optional.empty() : Optional.of(tools));
  }

  /// The node is this check's own, nobody else sees it.
  private static void leaveOutUnusable(JsonNode message) {
    boolean answer = fromAssistant(message);
    if (message.has("function_call")
        && !(answer && message.path("function_call").path("name").isString())) {
      ((ObjectNode) message).remove("function_call");
    }
  }
}
