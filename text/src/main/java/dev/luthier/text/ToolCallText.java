package dev.luthier.text;

import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// How a call stands in a text: `<tool_call>`, a JSON object of `name` and `arguments`,
/// `</tool_call>`, as the templates of Hermes and Qwen write it too.
final class ToolCallText {
  static final String OPEN = "<tool_call>";
  static final String CLOSE = "</tool_call>";

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          // A fraction of more digits than a double holds comes out as it was written.
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private ToolCallText() {}

  /// @param function OpenAI's `function` of a call, with arguments that are JSON and no string
  static String written(JsonNode function) {
    return OPEN + "\n" + JSON.writeValueAsString(function) + "\n" + CLOSE;
  }

  /// The call that an object between the tags makes; empty if it makes none.
  static Optional<AnswerPart.Call> read(String object) {
    JsonNode call;
    try {
      call = JSON.readTree(object);
    } catch (JacksonException e) {
      return Optional.empty();
    }
    String name = call.path("name").asString("");
    String arguments = arguments(call.path("arguments"));
    boolean usable =
        call.path("name").isString() && !name.isEmpty() && encodable(name) && encodable(arguments);
    return usable ? Optional.of(new AnswerPart.Call(name, arguments)) : Optional.empty();
  }

  /// Arguments that are a string were none of an object when they were learnt, and stay as they
  /// are.
  private static String arguments(JsonNode arguments) {
    if (arguments.isMissingNode() || arguments.isNull()) {
      return "{}";
    }
    return arguments.isString() ? arguments.asString() : JSON.writeValueAsString(arguments);
  }

  /// JSON can escape half of a surrogate pair, which no UTF-8 can carry.
  private static boolean encodable(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
