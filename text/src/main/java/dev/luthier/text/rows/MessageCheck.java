package dev.luthier.text.rows;

import static dev.luthier.text.rows.ConversationCheck.given;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Checks the form of one message of a row. The words after the place are those of the library that
/// checks at OpenAI, as far as they are known.
final class MessageCheck {
  private static final List<String> ROLES =
      List.of("system", "user", "assistant", "tool", "function", "developer");
  static final Set<String> KEYS =
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
  private final Place place;
  private final String words;
  private final Map<String, JsonNode> functions;

  /// @param words the message, as it follows "Example 3"
  /// @param functions the parameters of those that the row offers, by name
  MessageCheck(Complaints complaints, Place place, String words, Map<String, JsonNode> functions) {
    this.complaints = complaints;
    this.place = place;
    this.words = words;
    this.functions = functions;
  }

  void check(JsonNode message) {
    if (!message.isObject()) {
      error(FindingCode.MESSAGE_NOT_AN_OBJECT, place, " value is not a valid dict");
      return;
    }
    for (String key : message.propertyNames()) {
      if (!KEYS.contains(key)) {
        String clause = words + " contains an extra \"" + key + "\".";
        complaints.error(FindingCode.EXTRA_MESSAGE_KEY, place.nameOf(key), clause, "key", key);
      }
    }
    if (!message.has("role")) {
      error(FindingCode.MISSING_ROLE, place, " Discriminator 'role' is missing in value");
      return;
    }
    JsonNode role = message.path("role");
    if (!role.isString() || !ROLES.contains(role.asString())) {
      unknownRole(role);
      return;
    }
    checkContent(message, role.asString());
    checkStrings(message);
    checkAssistantKeys(message, role.asString());
    if (role.asString().equals("tool") && !given(message, "tool_call_id")) {
      error(FindingCode.MISSING_CALL_ID, place, " tool_call_id: field required");
    }
    if (role.asString().equals("function") && !given(message, "name")) {
      warn(FindingCode.MISSING_FUNCTION_NAME, place, " name: field required");
    }
  }

  private void unknownRole(JsonNode role) {
    String shown = role.isString() ? role.asString() : role.toString();
    complaints.error(
        FindingCode.UNKNOWN_ROLE,
        place.member("role"),
        words
            + " No match for discriminator 'role' and value "
            + (role.isString() ? "'" + shown + "'" : shown)
            + " (allowed values: "
            + ROLES.stream().map(r -> "'" + r + "'").collect(Collectors.joining(", "))
            + ")",
        "role",
        shown);
  }

  private void checkContent(JsonNode message, String role) {
    JsonNode content = message.path("content");
    if (!given(message, "content")) {
      boolean calls = given(message, "tool_calls") || given(message, "function_call");
      if (!(role.equals("assistant") && calls)) {
        String why = message.has("content") ? "none is not an allowed value" : "field required";
        Place where = message.has("content") ? place.member("content") : place;
        error(FindingCode.MISSING_CONTENT, where, " content: " + why);
      }
    } else if (content.isArray()) {
      for (int p = 0; p < content.size(); p++) {
        checkPart(content.get(p), place.member("content").element(p));
      }
    } else if (!content.isString()) {
      error(FindingCode.CONTENT_NOT_TEXT, place.member("content"), " content: str type expected");
    } else if (content.asString().indexOf('\uFFFD') >= 0) {
      warn(
          FindingCode.BROKEN_CHARACTERS,
          place.member("content"),
          " content: holds U+FFFD, which stands for characters that were lost");
    }
  }

  private void checkPart(JsonNode part, Place where) {
    String type = part.path("type").asString("");
    if (type.equals("image_url")) {
      error(FindingCode.IMAGE, where, " content: holds an image, but this model reads text only");
    } else if (!type.equals("text")) {
      String shown = part.path("type").toString();
      error(
          FindingCode.BAD_PART, where, " content: type of a part must be 'text', but is " + shown);
    } else if (!part.path("text").isString()) {
      error(FindingCode.BAD_PART, where, " content: text of a part must be a string");
    }
  }

  private void checkStrings(JsonNode message) {
    for (String key : List.of("name", "tool_call_id", "refusal")) {
      if (given(message, key) && !message.path(key).isString()) {
        Severity severity = key.equals("name") ? Severity.WARNING : Severity.ERROR;
        say(severity, FindingCode.WRONG_TYPE, place.member(key), " " + key + ": str type expected");
      }
    }
  }

  private void checkAssistantKeys(JsonNode message, String role) {
    for (String key : List.of("weight", "tool_calls", "function_call")) {
      if (given(message, key) && !role.equals("assistant")) {
        Severity severity = key.equals("tool_calls") ? Severity.ERROR : Severity.WARNING;
        String clause = " " + key + ": only an assistant's message may have it, this is a " + role;
        say(severity, FindingCode.IDLE_KEY, place.nameOf(key), clause + "'s", "key", key);
      }
    }
    if (!role.equals("assistant")) {
      return;
    }
    JsonNode weight = message.path("weight");
    if (given(message, "weight") && !isZeroOrOne(weight)) {
      warn(
          FindingCode.BAD_WEIGHT,
          place.member("weight"),
          " weight: unexpected value; permitted: 0, 1; given: " + weight,
          "weight",
          weight.toString());
    }
    var calls = new CallCheck(complaints, words, functions);
    if (given(message, "tool_calls")) {
      calls.toolCalls(message.path("tool_calls"), place.member("tool_calls"));
    }
    if (given(message, "function_call")) {
      calls.functionCall(message.path("function_call"), place.member("function_call"));
    }
  }

  private static boolean isZeroOrOne(JsonNode weight) {
    return weight.isNumber() && (weight.asDouble() == 0 || weight.asDouble() == 1);
  }

  private void error(FindingCode code, Place where, String what) {
    say(Severity.ERROR, code, where, what);
  }

  private void warn(FindingCode code, Place where, String what, String... values) {
    say(Severity.WARNING, code, where, what, values);
  }

  private void say(
      Severity severity, FindingCode code, Place where, String what, String... values) {
    if (severity == Severity.ERROR) {
      complaints.error(code, where, words + what, values);
    } else {
      complaints.warn(code, where, words + what, values);
    }
  }
}
