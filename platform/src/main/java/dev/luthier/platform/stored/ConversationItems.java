package dev.luthier.platform.stored;

import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the items of a response say, in the words of chat.
public final class ConversationItems {
  private ConversationItems() {}

  /// The items as chat messages; `instructions` go before them as the system's. A call that follows
  /// the assistant's words belongs to the same message.
  public static ArrayNode messages(
      Iterable<? extends JsonNode> items, Optional<String> instructions) {
    var messages = JsonNodeFactory.instance.arrayNode();
    instructions.ifPresent(text -> messages.addObject().put("role", "system").put("content", text));
    for (var item : items) {
      switch (item.path("type").asString()) {
        case "function_call" -> addCall(messages, item);
        case "function_call_output" ->
            messages
                .addObject()
                .put("role", "tool")
                .put("content", text(item.path("output")))
                .put("tool_call_id", item.path("call_id").asString());
        case Compaction.TYPE ->
            messages.addObject().put("role", "assistant").put("content", Compaction.told(item));
        default ->
            messages
                .addObject()
                .put("role", item.path("role").asString())
                .put("content", text(item.path("content")));
      }
    }
    return messages;
  }

  private static void addCall(ArrayNode messages, JsonNode item) {
    var last = messages.isEmpty() ? null : messages.get(messages.size() - 1);
    ObjectNode message;
    if (last instanceof ObjectNode said && said.path("role").asString().equals("assistant")) {
      message = said;
    } else {
      message = messages.addObject().put("role", "assistant");
      message.putNull("content");
    }
    var call = message.withArray("tool_calls").addObject();
    call.put("id", item.path("call_id").asString()).put("type", "function");
    call.putObject("function")
        .put("name", item.path("name").asString())
        .put("arguments", item.path("arguments").asString());
  }

  private static String text(JsonNode content) {
    if (content.isString()) {
      return content.asString();
    }
    var text = new StringBuilder();
    content.forEach(part -> text.append(part.path("text").asString("")));
    return text.toString();
  }
}
