package dev.luthier.text.rows;

import static dev.luthier.text.rows.RowCheck.given;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Checks the form of one message of a row. The words after the place are those of the library that
/// checks at OpenAI, as far as they are known.
final class MessageCheck {
  private static final List<String> ROLES =
      List.of("system", "user", "assistant", "tool", "function", "developer");
  private static final Set<String> KEYS =
      Set.of(
          "role",
          "content",
          "name",
          "weight",
          "function_call",
          "tool_calls",
          "tool_call_id",
          "refusal");

  private final Complaints complaints;
  private final String place;

  /// @param place as it follows "Example 3": `, message 2`
  MessageCheck(Complaints complaints, String place) {
    this.complaints = complaints;
    this.place = place;
  }

  void check(JsonNode message) {
    if (!message.isObject()) {
      complain(" value is not a valid dict");
      return;
    }
    for (String key : message.propertyNames()) {
      if (!KEYS.contains(key)) {
        complaints.add(FindingKind.EXTRA_KEY, place + " contains an extra \"" + key + "\".");
      }
    }
    if (!message.has("role")) {
      complain(" Discriminator 'role' is missing in value");
      return;
    }
    JsonNode role = message.path("role");
    if (!role.isString() || !ROLES.contains(role.asString())) {
      complain(
          " No match for discriminator 'role' and value "
              + (role.isString() ? "'" + role.asString() + "'" : role)
              + " (allowed values: "
              + ROLES.stream().map(r -> "'" + r + "'").collect(Collectors.joining(", "))
              + ")");
      return;
    }
    checkContent(message, role.asString());
    checkStrings(message);
    checkAssistantKeys(message, role.asString());
    if (role.asString().equals("tool") && !given(message, "tool_call_id")) {
      complain(" tool_call_id: field required");
    }
    if (role.asString().equals("function") && !given(message, "name")) {
      complain(" name: field required");
    }
  }

  private void checkContent(JsonNode message, String role) {
    JsonNode content = message.path("content");
    if (!given(message, "content")) {
      boolean calls = given(message, "tool_calls") || given(message, "function_call");
      if (!(role.equals("assistant") && calls)) {
        complain(
            " content: "
                + (message.has("content") ? "none is not an allowed value" : "field required"));
      }
    } else if (content.isArray()) {
      content.forEach(this::checkPart);
    } else if (!content.isString()) {
      complain(" content: str type expected");
    }
  }

  private void checkPart(JsonNode part) {
    String type = part.path("type").asString("");
    if (type.equals("image_url")) {
      complain(" content: holds an image, but this model reads text only");
    } else if (!type.equals("text")) {
      complain(" content: type of a part must be 'text', but is " + part.path("type"));
    } else if (!part.path("text").isString()) {
      complain(" content: text of a part must be a string");
    }
  }

  private void checkStrings(JsonNode message) {
    for (String key : List.of("name", "tool_call_id", "refusal")) {
      if (given(message, key) && !message.path(key).isString()) {
        complain(" " + key + ": str type expected");
      }
    }
  }

  private void checkAssistantKeys(JsonNode message, String role) {
    for (String key : List.of("weight", "tool_calls", "function_call")) {
      if (given(message, key) && !role.equals("assistant")) {
        complain(" " + key + ": only an assistant's message may have it, this is a " + role + "'s");
      }
    }
    JsonNode weight = message.path("weight");
    if (given(message, "weight") && !isZeroOrOne(weight)) {
      complain(" weight: unexpected value; permitted: 0, 1; given: " + weight);
    }
    if (given(message, "function_call")) {
      checkCall(message.path("function_call"), " function_call");
    }
    if (given(message, "tool_calls")) {
      checkToolCalls(message.path("tool_calls"));
    }
  }

  private static boolean isZeroOrOne(JsonNode weight) {
    return weight.isInt() && (weight.asInt() == 0 || weight.asInt() == 1);
  }

  private void checkToolCalls(JsonNode calls) {
    if (!calls.isArray() || calls.isEmpty()) {
      complain(" tool_calls: value is not a list of at least one call");
      return;
    }
    for (int c = 0; c < calls.size(); c++) {
      JsonNode call = calls.get(c);
      String which = " tool call " + (c + 1);
      if (!call.path("id").isString()) {
        complain(which + " id: " + (call.has("id") ? "str type expected" : "field required"));
      }
      if (!call.path("type").asString("").equals("function")) {
        complain(which + " type: unexpected value; permitted: 'function'");
      }
      checkCall(call.path("function"), which + " function");
    }
  }

  private void checkCall(JsonNode call, String which) {
    if (!call.isObject()) {
      complain(which + ": value is not a valid dict");
      return;
    }
    if (!call.path("name").isString()) {
      complain(which + " name: " + (call.has("name") ? "str type expected" : "field required"));
    }
    JsonNode arguments = call.path("arguments");
    if (!arguments.isString()) {
      complain(which + " arguments: a string that holds JSON is expected");
    } else if (!arguments.asString().isEmpty()) { // OpenAI writes "" for a function without any
      try {
        PythonJson.parse(arguments.asString());
      } catch (PythonJsonException e) {
        complain(which + " arguments: invalid json: " + e.words());
      }
    }
  }

  private void complain(String what) {
    complaints.row(place + what);
  }
}
