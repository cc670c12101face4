package dev.luthier.text.rows;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Checks what every kind of row has: messages, and the functions that they may call. What of the
/// functions cannot be used gets a warning and is not offered.
final class ConversationCheck {
  private static final int FUNCTIONS_MAX = 128;

  private final Complaints complaints;
  private final Part part;
  private final ArrayNode tools = JsonNodeFactory.instance.arrayNode();
  private final Map<String, JsonNode> functions = new HashMap<>();

  ConversationCheck(Complaints complaints, Part part) {
    this.complaints = complaints;
    this.part = part;
  }

  /// Says what is wrong with the object's messages and functions.
  ///
  /// @return whether there is a list of messages to look at further
  boolean check(JsonNode object) {
    if (given(object, "parallel_tool_calls") && !object.path("parallel_tool_calls").isBoolean()) {
      complaints.warn(
          FindingCode.BAD_PARALLEL_TOOL_CALLS,
          part.place().member("parallel_tool_calls"),
          part.words("parallel_tool_calls value could not be parsed to a boolean"));
    }
    checkTools(object);
    checkFunctions(object);
    JsonNode messages = object.path("messages");
    Place place = part.place().member("messages");
    if (!messages.isArray()) {
      complaints.error(
          FindingCode.MESSAGES_NOT_A_LIST, place, part.words("messages value is not a valid list"));
      return false;
    }
    if (messages.isEmpty()) {
      complaints.error(FindingCode.NO_MESSAGES, place, part.words() + " has no messages");
      return false;
    }
    for (int m = 0; m < messages.size(); m++) {
      check(messages.get(m), part.message(m), part.messageWords(m));
    }
    return true;
  }

  /// Checks one message, with the functions of the conversation.
  ///
  /// @param words as they follow "Example 3"
  void check(JsonNode message, Place place, String words) {
    new MessageCheck(complaints, place, words, functions).check(message);
  }

  /// That the messages wait for an answer.
  void waits(JsonNode messages) {
    int last = messages.size() - 1;
    if (fromAssistant(messages.get(last))) {
      complaints.error(
          FindingCode.INPUT_ENDS_WITH_ANSWER,
          part.message(last),
          part.words("last message is from the assistant, but the model is to answer it"));
    }
  }

  static boolean fromAssistant(JsonNode message) {
    return message.path("role").asString("").equals("assistant");
  }

  static boolean given(JsonNode node, String key) {
    return node.has(key) && !node.path(key).isNull();
  }

  /// The functions that can be offered.
  Optional<JsonNode> tools() {
    return tools.isEmpty() ? Optional.empty() : Optional.of(tools);
  }

  /// Takes calls out that cannot be used. The node is this check's own, nobody else sees it.
  static void leaveOutUnusable(JsonNode message) {
    boolean answer = fromAssistant(message);
    if (message.has("function_call")
        && !(answer && message.path("function_call").path("name").isString())) {
      ((ObjectNode) message).remove("function_call");
    }
  }

  private void checkTools(JsonNode object) {
    if (!given(object, "tools")) {
      return;
    }
    JsonNode list = object.path("tools");
    Place place = part.place().member("tools");
    if (!list.isArray()) {
      complaints.warn(
          FindingCode.BAD_TOOL_LIST, place, part.words("tools value is not a valid list"));
      return;
    }
    for (int t = 0; t < list.size(); t++) {
      JsonNode tool = list.get(t);
      boolean good = tool.path("type").asString("").equals("function");
      if (!good) {
        badTool(
            place.element(t),
            part.words("tool " + (t + 1) + " type: unexpected value; permitted: 'function'"));
      }
      String words = part.words("tool " + (t + 1) + " function");
      if (function(tool.path("function"), place.element(t), words) && good) {
        tools.add(tool);
      }
    }
  }

  private void checkFunctions(JsonNode object) {
    if (!given(object, "functions")) {
      return;
    }
    JsonNode list = object.path("functions");
    Place place = part.place().member("functions");
    if (!list.isArray() || list.isEmpty() || list.size() > FUNCTIONS_MAX) {
      complaints.warn(
          FindingCode.BAD_TOOL_LIST,
          place,
          part.words("functions must be a list of 1 to ")
              + FUNCTIONS_MAX
              + " functions"
              + (list.isArray() ? ", but has " + list.size() : ""));
      return;
    }
    for (int f = 0; f < list.size(); f++) {
      if (function(list.get(f), place.element(f), part.words("function " + (f + 1)))) {
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
}
