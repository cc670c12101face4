package dev.luthier.text;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Brings messages in all of OpenAI's spellings to the one that chat templates are written for, the
/// same for training rows and for chats. Each message keeps its place.
///
/// `developer` becomes `system`; parts of text become one string, joined by line feeds; missing
/// content becomes empty; the arguments of a call become an object; `function_call` becomes a tool
/// call and the role `function` becomes `tool`; `weight` and `refusal` go.
public final class ChatMessages {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private ChatMessages() {}

  /// The messages as a template wants them; the given ones stay as they are.
  ///
  /// @throws MessagesException if a message is of no form that a template could take
  public static ArrayNode normalise(JsonNode messages) {
    if (!messages.isArray() || messages.isEmpty()) {
      throw new MessagesException(-1, "messages must be a list of at least one message");
    }
    ArrayNode normal = NODES.arrayNode();
    for (int m = 0; m < messages.size(); m++) {
      normal.add(message(messages.get(m), m));
    }
    return normal;
  }

  private static ObjectNode message(JsonNode message, int index) {
    ObjectNode normal = NODES.objectNode();
    normal.put("role", role(message, index));
    normal.put("content", content(message.path("content"), index));
    for (String key : new String[] {"name", "tool_call_id"}) {
      if (message.path(key).isString()) {
        normal.set(key, message.path(key));
      }
    }
    if (message.path("tool_calls").isArray() && !message.path("tool_calls").isEmpty()) {
      ArrayNode calls = normal.putArray("tool_calls");
      message.path("tool_calls").forEach(call -> calls.add(toolCall(call, index)));
    } else if (message.path("function_call").isObject()) {
      ObjectNode call = normal.putArray("tool_calls").addObject().put("type", "function");
      call.set("function", function(message.path("function_call"), index));
    }
    return normal;
  }

  private static String role(JsonNode message, int index) {
    if (!message.path("role").isString()) {
      throw new MessagesException(index, "message " + (index + 1) + " has no role");
    }
    String role = message.path("role").asString();
    return switch (role) {
      case "developer" -> "system";
      case "function" -> "tool";
      default -> role;
    };
  }

  private static String content(JsonNode content, int index) {
    if (content.isArray()) {
      var text = new StringBuilder();
      for (JsonNode part : content) {
        text.append(text.isEmpty() ? "" : "\n").append(part(part, index));
      }
      return text.toString();
    }
    if (content.isString() || content.isNull() || content.isMissingNode()) {
      return content.asString("");
    }
    throw new MessagesException(
        index, "content of message " + (index + 1) + " must be a string or a list of parts");
  }

  private static String part(JsonNode part, int index) {
    String type = part.path("type").asString("");
    String key = type.equals("refusal") ? "refusal" : "text";
    if ((type.equals("text") || type.equals("refusal")) && part.path(key).isString()) {
      return part.path(key).asString();
    }
    throw new MessagesException(
        index,
        "message "
            + (index + 1)
            + " has a content part of type '"
            + type
            + "', but this model reads text only");
  }

  private static ObjectNode toolCall(JsonNode call, int index) {
    ObjectNode normal = NODES.objectNode();
    if (call.path("id").isString()) {
      normal.set("id", call.path("id"));
    }
    normal.put("type", "function");
    normal.set("function", function(call.path("function"), index));
    return normal;
  }

  private static ObjectNode function(JsonNode function, int index) {
    if (!function.path("name").isString()) {
      throw new MessagesException(
          index, "message " + (index + 1) + " calls a function without a name");
    }
    ObjectNode normal = NODES.objectNode();
    normal.set("name", function.path("name"));
    normal.set("arguments", arguments(function.path("arguments")));
    return normal;
  }

  /// A model may have written arguments that are no JSON; they stay the string that they are.
  private static JsonNode arguments(JsonNode arguments) {
    if (!arguments.isString()) {
      return arguments.isObject() ? arguments : NODES.objectNode();
    }
    if (arguments.asString().isBlank()) {
      return NODES.objectNode();
    }
    try {
      return JSON.readTree(arguments.asString());
    } catch (JacksonException e) {
      return arguments;
    }
  }
}
