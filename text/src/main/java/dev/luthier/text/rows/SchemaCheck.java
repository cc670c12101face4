package dev.luthier.text.rows;

import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Holds values against a schema, such as arguments of a call against the parameters of the
/// function: the part of JSON Schema that functions use (types, required and further properties,
/// items, enum). Whatever else a schema says is not looked at, so nothing is found that is not so.
public final class SchemaCheck {
  private static final int DEPTH_MAX = 32;

  private SchemaCheck() {}

  static Optional<String> object(JsonNode value) {
    return value.isObject()
        ? Optional.empty()
        : Optional.of("an object is expected, but it is " + kind(value));
  }

  /// The first thing that is not as the schema has it.
  public static Optional<String> fault(JsonNode value, JsonNode schema) {
    return fault(value, schema, "the value", DEPTH_MAX);
  }

  private static Optional<String> fault(JsonNode value, JsonNode schema, String what, int depth) {
    if (!schema.isObject() || depth == 0) {
      return Optional.empty();
    }
    JsonNode type = schema.path("type");
    if (!type.isMissingNode() && !hasType(value, type)) {
      String wanted =
          type.isString()
              ? type.asString()
              : type.valueStream().map(JsonNode::asString).collect(Collectors.joining(" or "));
      return Optional.of(what + " must be of type " + wanted + ", but is " + kind(value));
    }
    JsonNode choices = schema.path("enum");
    if (choices.isArray() && choices.valueStream().noneMatch(value::equals)) {
      return Optional.of(what + " is " + shortened(value) + ", which the enum does not have");
    }
    if (value.isObject()) {
      return members(value, schema, depth);
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        var found = fault(value.get(i), schema.path("items"), what + " " + (i + 1), depth - 1);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> members(JsonNode value, JsonNode schema, int depth) {
    for (JsonNode required : schema.path("required")) {
      if (required.isString() && !value.has(required.asString())) {
        return Optional.of("'" + required.asString() + "' is required and missing");
      }
    }
    JsonNode properties = schema.path("properties");
    JsonNode more = schema.path("additionalProperties");
    boolean closed =
        more.isBoolean() && !more.asBoolean() && schema.path("patternProperties").isEmpty();
    for (String name : value.propertyNames()) {
      if (closed && !properties.has(name)) {
        return Optional.of("'" + name + "' is not among the properties");
      }
      var found = fault(value.path(name), properties.path(name), "'" + name + "'", depth - 1);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  private static boolean hasType(JsonNode value, JsonNode type) {
    if (type.isArray()) {
      return type.valueStream().anyMatch(one -> hasType(value, one));
    }
    return switch (type.asString("")) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "number" -> value.isNumber();
      case "integer" ->
          value.isIntegralNumber()
              || (value.isNumber() && value.asDouble() == Math.rint(value.asDouble()));
      default -> true;
    };
  }

  private static String kind(JsonNode value) {
    if (value.isObject()) {
      return "an object";
    }
    return value.isArray() ? "a list" : shortened(value);
  }

  private static String shortened(JsonNode value) {
    String text = value.toString();
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
