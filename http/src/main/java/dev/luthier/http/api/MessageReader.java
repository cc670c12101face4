package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads `messages`: checks the roles and contents, and joins the text parts of a content to one
/// string, which is what templates print.
final class MessageReader {

  private static final int MESSAGES_MAX = 10_000;
  private static final int PARTS_MAX = 1_000;

  /// The most calls of one message, asked or answered.
  static final int TOOL_CALLS_MAX = 128;

  static final List<String> ROLES =
      List.of("system", "assistant", "user", "function", "tool", "developer");

  private MessageReader() {}

  static ArrayNode read(Value messages) {
    var checked = JsonNodeFactory.instance.arrayNode();
    for (var message : messages.filledArray(MESSAGES_MAX)) {
      checked.add(message(message.object()));
    }
    return checked;
  }

  private static JsonNode message(Fields message) {
    var role = message.required("role").oneOf(ROLES);
    var calls = message.optional("tool_calls");
    calls.ifPresent(MessageReader::checkCalls);
    var copy = ((ObjectNode) message.json()).deepCopy();
    boolean mayBeEmpty =
        role.equals("assistant")
            && (calls.isPresent() || message.has("function_call") || message.has("refusal"));
    if (mayBeEmpty && !message.has("content")) {
      copy.putNull("content");
    } else {
      copy.put("content", text(message.required("content"), List.of("text")));
    }
    return copy;
  }

  /// A string, or the text parts of an array joined.
  ///
  /// @param types the types of parts that carry text
  static String text(Value content, List<String> types) {
    return String.join("", parts(content, types));
  }

  /// As [#text], part by part.
  static List<String> parts(Value content, List<String> types) {
    if (content.isString()) {
      return List.of(content.string());
    }
    if (!content.isArray()) {
      throw content.wrongType("one of a string or array of objects");
    }
    return content.filledArray(PARTS_MAX).stream()
        .map(part -> partText(part.object(), types))
        .toList();
  }

  private static String partText(Fields part, List<String> types) {
    var type = part.required("type");
    if (!types.contains(type.string())) {
      throw type.refusal(
          ErrorCode.UNSUPPORTED_VALUE,
          "Unsupported value: '%s' is '"
              + Value.shortened(type.string())
              + "', but this server's models read text only. Send parts of type '"
              + types.getFirst()
              + "'.");
    }
    return part.required("text").string();
  }

  private static void checkCalls(Value calls) {
    for (var call : calls.array(TOOL_CALLS_MAX)) {
      var function = call.object().required("function").object();
      function.required("name").string();
      function.required("arguments").string();
    }
  }
}
