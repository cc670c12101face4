package dev.luthier.http.api;

import dev.luthier.platform.stored.StoredCompletion;
import dev.luthier.wire.Json;
import dev.luthier.wire.api.ChatCompletion;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Stored chat completions as they are kept and as the API shows them: the answer, with what was
/// asked for beside it.
final class StoredChatObjects {
  private static final List<String> ASKED =
      List.of("tool_choice", "seed", "tools", "response_format");

  private record Figure(String name, double usual) {}

  private static final List<Figure> FIGURES =
      List.of(
          new Figure("temperature", 1),
          new Figure("top_p", 1),
          new Figure("presence_penalty", 0),
          new Figure("frequency_penalty", 0));

  private StoredChatObjects() {}

  /// What is kept of an answer.
  ///
  /// @param request the body that asked for it
  static StoredCompletion kept(
      ChatCompletion answer, JsonNode request, String requestId, Map<String, String> metadata) {
    var whole = (ObjectNode) Json.mapper().valueToTree(answer);
    whole.put("request_id", requestId);
    ASKED.forEach(name -> whole.set(name, orNull(request, name)));
    for (var figure : FIGURES) {
      var asked = orNull(request, figure.name());
      whole.put(figure.name(), asked.isNull() ? figure.usual() : asked.doubleValue());
    }
    whole.set("input_user", orNull(request, "user"));
    return new StoredCompletion(
        answer.id(),
        Instant.ofEpochSecond(answer.created()),
        answer.model(),
        metadata,
        Json.text(whole),
        Json.text(request.get("messages")));
  }

  private static JsonNode orNull(JsonNode object, String name) {
    return object.hasNonNull(name) ? object.get(name) : JsonNodeFactory.instance.nullNode();
  }

  static ObjectNode completion(StoredCompletion stored) {
    var whole = (ObjectNode) Json.tree(stored.answer());
    whole.set("metadata", Json.mapper().valueToTree(stored.metadata()));
    return whole;
  }

  /// The messages that were asked, each under an id of its own.
  static List<ObjectNode> messages(StoredCompletion stored) {
    var asked = Json.tree(stored.messages());
    var messages = new ArrayList<ObjectNode>();
    for (int i = 0; i < asked.size(); i++) {
      messages.add(message(stored.id() + "-" + i, (ObjectNode) asked.get(i)));
    }
    return messages;
  }

  /// Content in parts is shown as parts, and its text as content.
  private static ObjectNode message(String id, ObjectNode asked) {
    var message = JsonNodeFactory.instance.objectNode();
    message.put("id", id);
    message.setAll(asked);
    if (!message.has("refusal")) {
      message.putNull("refusal");
    }
    var content = orNull(asked, "content");
    message.set("content_parts", content.isArray() ? content : JsonNodeFactory.instance.nullNode());
    if (content.isArray()) {
      var text = new StringBuilder();
      content.forEach(part -> text.append(part.path("text").asString("")));
      message.put("content", text.toString());
    } else if (content.isNull()) {
      message.putNull("content");
    }
    return message;
  }
}
