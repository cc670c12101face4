package dev.luthier.platform.graders;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The form in which judging models answer: a few steps of reasoning, then the result.
final class Judgement {
  private static final int STEPS_MAX = 3;
  private static final int STEP_CHARACTERS_MAX = 200;

  private Judgement() {}

  static JsonNode numberSchema() {
    return schema(JsonNodeFactory.instance.objectNode().put("type", "number"));
  }

  static JsonNode labelSchema(List<String> labels) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    labels.forEach(result.putArray("enum")::add);
    return schema(result);
  }

  private static JsonNode schema(JsonNode result) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    ObjectNode steps = properties.putObject("steps");
    steps.put("type", "array").put("maxItems", STEPS_MAX);
    steps.putObject("items").put("type", "string").put("maxLength", STEP_CHARACTERS_MAX);
    properties.set("result", result);
    schema.putArray("required").add("steps").add("result");
    schema.put("additionalProperties", false);
    return schema;
  }

  /// @throws IllegalArgumentException if the text holds none
  static double number(String text) {
    JsonNode result = result(text);
    if (!result.isNumber() || !Double.isFinite(result.doubleValue())) {
      throw new IllegalArgumentException(
          "the judge's result is %s and not a number".formatted(shown(result.toString())));
    }
    return result.doubleValue();
  }

  /// @throws IllegalArgumentException if the text holds none of the labels
  static String label(String text, List<String> labels) {
    JsonNode result = result(text);
    if (!result.isString() || !labels.contains(result.asString())) {
      throw new IllegalArgumentException(
          "the judge's result is %s and none of the labels".formatted(shown(result.toString())));
    }
    return result.asString();
  }

  private static JsonNode result(String text) {
    JsonNode result =
        Sample.of(text)
            .json()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "the judge's answer is not JSON: '%s'".formatted(shown(text))))
            .path("result");
    if (result.isMissingNode()) {
      throw new IllegalArgumentException("the judge's answer has no 'result': " + shown(text));
    }
    return result;
  }

  private static String shown(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
