package dev.luthier.http.api;

import dev.luthier.http.request.Fields;
import dev.luthier.http.request.Value;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads the `input` of the responses API as chat messages: a string is what the user says, items
/// are messages, calls and their outputs; `instructions` go before them as the system's.
final class InputReader {

  private static final int ITEMS_MAX = 10_000;
  private static final List<String> TEXT_PARTS = List.of("input_text", "output_text", "text");

  private InputReader() {}

  static ArrayNode messages(Value input, Optional<String> instructions) {
    var messages = JsonNodeFactory.instance.arrayNode();
    instructions.ifPresent(text -> messages.add(message("system", text)));
    if (input.isString()) {
      messages.add(message("user", input.string()));
    } else if (input.isArray()) {
      input.filledArray(ITEMS_MAX).forEach(item -> messages.add(item(item.object())));
    } else {
      throw input.wrongType("one of a string or array of objects");
    }
    return messages;
  }

  private static JsonNode item(Fields item) {
    var type = item.optional("type").map(Value::string).orElse("message");
    return switch (type) {
      case "message" ->
          message(
              item.required("role").oneOf(MessageReader.ROLES),
              MessageReader.text(item.required("content"), TEXT_PARTS));
      case "function_call" -> call(item);
      case "function_call_output" -> output(item);
      default ->
          throw item.required("type")
              .refusal(
                  ErrorCode.UNSUPPORTED_VALUE,
                  "Unsupported value: '%s'. Supported values are: 'message', 'function_call', and"
                      + " 'function_call_output'.");
    };
  }

  private static JsonNode call(Fields item) {
    var call = JsonNodeFactory.instance.objectNode();
    call.put("id", item.required("call_id").string());
    call.put("type", "function");
    call.putObject("function")
        .put("name", item.required("name").string())
        .put("arguments", item.required("arguments").string());
    var message = JsonNodeFactory.instance.objectNode().put("role", "assistant");
    message.putNull("content");
    message.putArray("tool_calls").add(call);
    return message;
  }

  private static JsonNode output(Fields item) {
    return message("tool", MessageReader.text(item.required("output"), TEXT_PARTS))
        .put("tool_call_id", item.required("call_id").string());
  }

  private static ObjectNode message(String role, String text) {
    return JsonNodeFactory.instance.objectNode().put("role", role).put("content", text);
  }
}
