package dev.luthier.text;

import dev.luthier.text.template.Rendered;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes tools and their calls into the contents of messages, for templates that have no place for
/// them and would drop them without a word: a row that teaches a call would teach an empty answer.
///
/// The tools follow the system message, or come before the first message of a conversation without
/// one. A call stands in the answer as [ToolCallText] writes it. Training and serving both come
/// through here, so a model sees what it has learnt.
record ToolsAsText(PromptRenderer renderer) implements PromptRenderer {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// A template without a place for tools gets them as text.
  static PromptRenderer whereNeeded(PromptRenderer renderer, String templateSource) {
    return templateSource.contains("tool") ? renderer : new ToolsAsText(renderer);
  }

  @Override
  public Rendered render(JsonNode messages, Optional<JsonNode> tools, boolean answerBegins) {
    ArrayNode plain = JsonNodeFactory.instance.arrayNode();
    messages.forEach(message -> plain.add(withCallsInContent(message)));
    tools.filter(list -> !list.isEmpty() && !plain.isEmpty()).ifPresent(list -> offer(plain, list));
    return renderer.render(plain, Optional.empty(), answerBegins);
  }

  private static ObjectNode withCallsInContent(JsonNode message) {
    ObjectNode plain = (ObjectNode) message.deepCopy();
    JsonNode calls = message.path("tool_calls");
    if (!calls.isEmpty()) {
      plain.remove("tool_calls");
      var content = new StringBuilder(message.path("content").asString());
      for (JsonNode call : calls) {
        content.append(content.isEmpty() ? "" : "\n");
        content.append(ToolCallText.written(call.path("function")));
      }
      plain.put("content", content.toString());
    }
    return plain;
  }

  private static void offer(ArrayNode messages, JsonNode tools) {
    var offer = new StringBuilder("You may call these tools:\n<tools>\n");
    tools.forEach(tool -> offer.append(JSON.writeValueAsString(tool)).append('\n'));
    offer.append("</tools>");
    ObjectNode first = (ObjectNode) messages.get(0);
    String content = first.path("content").asString();
    boolean system = first.path("role").asString().equals("system");
    first.put("content", system ? content + "\n\n" + offer : offer + "\n\n" + content);
  }
}
