package dev.luthier.platform.evals;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.graders.JsonField;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What the rows of an eval hold, as its maker says it.
final class DataSourceConfig {
  private static final List<String> TYPES = List.of("custom", "logs", "stored_completions");

  private DataSourceConfig() {}

  /// The configuration as it is answered: with the schema of whole rows.
  static JsonNode read(JsonNode json, String path) {
    JsonField config = new JsonField(path, json);
    JsonField type = config.required("type");
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("type", type.text());
    switch (type.text()) {
      case "custom" -> {
        boolean sample =
            config.optional("include_sample_schema").map(JsonField::bool).orElse(false);
        answer.set("schema", rows(config.required("item_schema").asObject(), sample));
      }
      case "logs", "stored_completions" -> {
        config
            .optional("metadata")
            .ifPresent(metadata -> answer.set("metadata", metadata.asObject()));
        answer.set(
            "schema", rows(JsonNodeFactory.instance.objectNode().put("type", "object"), true));
      }
      default -> throw ApiException.invalidValue(type.path(), type.shown(), TYPES);
    }
    return answer;
  }

  private static ObjectNode rows(JsonNode item, boolean sample) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties.set("item", item);
    var required = schema.putArray("required").add("item");
    if (sample) {
      ObjectNode described = properties.putObject("sample").put("type", "object");
      ObjectNode fields = described.putObject("properties");
      fields.putObject("output_text").put("type", "string");
      fields.putObject("output_json");
      fields.putObject("output_tools").put("type", "array");
      fields.putObject("choices").put("type", "array");
      described.putArray("required").add("output_text");
      required.add("sample");
    }
    return schema;
  }
}
