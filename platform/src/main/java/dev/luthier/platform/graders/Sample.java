package dev.luthier.platform.graders;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What a model said, as templates see it: `sample.output_text`, `sample.output_json` where the
/// text is JSON, `sample.output_tools` and `sample.choices`.
public final class Sample {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String text;
  private final Optional<JsonNode> json;
  private final ObjectNode namespace;

  private Sample(String text, ObjectNode namespace) {
    this.text = text;
    this.namespace = namespace;
    json = parsed(text);
    if (!namespace.has("output_json")) {
      json.ifPresent(value -> namespace.set("output_json", value));
    }
  }

  private Sample(String text, JsonNode toolCalls) {
    this.text = text;
    json = parsed(text);
    namespace = JsonNodeFactory.instance.objectNode();
    namespace.put("output_text", text);
    json.ifPresent(value -> namespace.set("output_json", value));
    namespace.set("output_tools", toolCalls);
    ObjectNode message = namespace.putArray("choices").addObject().putObject("message");
    message.put("role", "assistant").put("content", text);
    if (!toolCalls.isEmpty()) {
      message.set("tool_calls", toolCalls);
    }
  }

  /// An answer in words.
  public static Sample of(String text) {
    return new Sample(text, JsonNodeFactory.instance.arrayNode());
  }

  /// An answer with calls of tools, as a chat completion's `tool_calls` writes them.
  public static Sample of(String text, JsonNode toolCalls) {
    return new Sample(text, toolCalls.deepCopy());
  }

  /// What came as an object: its `output_text` may be missing, and other keys may be there.
  public static Sample given(JsonNode fields) {
    return new Sample(fields.path("output_text").asString(""), fields.asObject().deepCopy());
  }

  public String text() {
    return text;
  }

  /// The text as JSON; empty if it is none.
  public Optional<JsonNode> json() {
    return json;
  }

  JsonNode namespace() {
    return namespace;
  }

  private static Optional<JsonNode> parsed(String text) {
    if (text.isBlank()) {
      return Optional.empty();
    }
    try {
      return Optional.of(JSON.readTree(text));
    } catch (JacksonException _) {
      return Optional.empty();
    }
  }
}
