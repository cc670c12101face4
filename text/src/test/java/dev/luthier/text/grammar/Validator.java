package dev.luthier.text.grammar;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/// Judges by the words of JSON Schema whether a value satisfies a schema; written apart from what
/// makes grammars, which it is the judge of.
record Validator(JsonNode root) {
  boolean accepts(JsonNode value) {
    return accepts(root, value);
  }

  private boolean accepts(JsonNode schema, JsonNode value) {
    if (schema.isBoolean()) {
      return schema.asBoolean();
    }
    if (schema.has("$ref")) {
      String pointer = schema.get("$ref").asString().substring(1);
      if (!accepts(pointer.isEmpty() ? root : root.at(pointer), value)) {
        return false;
      }
    }
    return (!schema.has("type")
            || elements(schema.get("type")).anyMatch(t -> isA(t.asString(), value)))
        && (!schema.has("enum") || elements(schema.get("enum")).anyMatch(value::equals))
        && (!schema.has("const") || schema.get("const").equals(value))
        && (!schema.has("anyOf") || elements(schema.get("anyOf")).anyMatch(s -> accepts(s, value)))
        && (!schema.has("oneOf")
            || elements(schema.get("oneOf")).filter(s -> accepts(s, value)).count() == 1)
        && (!schema.has("allOf") || elements(schema.get("allOf")).allMatch(s -> accepts(s, value)))
        && (!value.isString() || acceptsText(schema, value.asString()))
        && (!value.isNumber() || acceptsNumber(schema, value.decimalValue()))
        && (!value.isArray() || acceptsArray(schema, value))
        && (!value.isObject() || acceptsObject(schema, value));
  }

  private static Stream<JsonNode> elements(JsonNode some) {
    return some.isArray() ? some.valueStream() : Stream.of(some);
  }

  private static boolean isA(String type, JsonNode value) {
    return switch (type) {
      case "integer" -> value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0;
      case "number" -> value.isNumber();
      case "string" -> value.isString();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      case "array" -> value.isArray();
      case "object" -> value.isObject();
      default -> throw new AssertionError(type);
    };
  }

  private static boolean acceptsText(JsonNode schema, String text) {
    int length = text.codePointCount(0, text.length());
    return length >= schema.path("minLength").asInt(0)
        && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
        && (!schema.has("pattern")
            || Pattern.compile(schema.get("pattern").asString()).matcher(text).find());
  }

  private static boolean acceptsNumber(JsonNode schema, BigDecimal number) {
    return (!schema.has("minimum") || number.compareTo(schema.get("minimum").decimalValue()) >= 0)
        && (!schema.has("maximum") || number.compareTo(schema.get("maximum").decimalValue()) <= 0)
        && (!schema.has("exclusiveMinimum")
            || number.compareTo(schema.get("exclusiveMinimum").decimalValue()) > 0)
        && (!schema.has("exclusiveMaximum")
            || number.compareTo(schema.get("exclusiveMaximum").decimalValue()) < 0)
        && (!schema.has("multipleOf")
            || number.remainder(schema.get("multipleOf").decimalValue()).signum() == 0);
  }

  private boolean acceptsArray(JsonNode schema, JsonNode array) {
    return array.size() >= schema.path("minItems").asInt(0)
        && array.size() <= schema.path("maxItems").asInt(Integer.MAX_VALUE)
        && (!schema.path("uniqueItems").asBoolean(false)
            || array.valueStream().distinct().count() == array.size())
        && acceptsItems(schema, array);
  }

  private boolean acceptsItems(JsonNode schema, JsonNode array) {
    JsonNode prefix = schema.path("prefixItems");
    for (int i = 0; i < array.size(); i++) {
      JsonNode rule = i < prefix.size() ? prefix.get(i) : schema.path("items");
      if (!rule.isMissingNode() && !accepts(rule, array.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean acceptsObject(JsonNode schema, JsonNode object) {
    List<String> required = schema.path("required").valueStream().map(JsonNode::asString).toList();
    return required.stream().allMatch(object::has)
        && object.size() >= schema.path("minProperties").asInt(0)
        && object.size() <= schema.path("maxProperties").asInt(Integer.MAX_VALUE)
        && object.propertyNames().stream()
            .allMatch(name ->
                !schema.has("propertyNames")
                    || accepts(schema.get("propertyNames"), StringNode.valueOf(name)))
        && object
            .propertyStream()
            .allMatch(each -> {
              JsonNode known = schema.path("properties").path(each.getKey());
              List<JsonNode> rules = new ArrayList<>(byPattern(schema, each.getKey()));
              if (!known.isMissingNode()) {
                rules.add(known);
              }
              if (rules.isEmpty() && schema.has("additionalProperties")) {
                rules.add(schema.get("additionalProperties"));
              }
              return rules.stream().allMatch(rule -> accepts(rule, each.getValue()));
            });
  }

  private static List<JsonNode> byPattern(JsonNode schema, String name) {
    return schema.path("patternProperties").properties().stream()
        .filter(each -> Pattern.compile(each.getKey()).matcher(name).find())
        .map(Map.Entry::getValue)
        .toList();
  }
}
