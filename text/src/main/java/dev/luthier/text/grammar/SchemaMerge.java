package dev.luthier.text.grammar;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Puts two schemas together into one that asks for both, where one schema can say it.
final class SchemaMerge {
  private static final Set<String> LEAST =
      Set.of("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties");
  private static final Set<String> MOST =
      Set.of("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties");

  private SchemaMerge() {}

  /// Both in one; empty where that takes more than this can do.
  static Optional<JsonNode> both(JsonNode first, JsonNode second) {
    if (first.isBoolean() || second.isBoolean()) {
      boolean all = first.isBoolean() && first.asBoolean();
      return Optional.of(all || (second.isBoolean() && !second.asBoolean()) ? second : first);
    }
    ObjectNode merged = ((ObjectNode) first).deepCopy();
    for (var each : second.properties()) {
      JsonNode there = merged.get(each.getKey());
      Optional<JsonNode> value =
          there == null
              ? Optional.of(each.getValue())
              : both(each.getKey(), there, each.getValue());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      merged.set(each.getKey(), value.get());
    }
    return Optional.of(merged);
  }

  private static Optional<JsonNode> both(String keyword, JsonNode first, JsonNode second) {
    if (first.equals(second) || SchemaKeywords.ANNOTATIONS.contains(keyword)) {
      return Optional.of(second);
    }
    if (LEAST.contains(keyword) && first.isNumber() && second.isNumber()) {
      return Optional.of(
          first.decimalValue().compareTo(second.decimalValue()) > 0 ? first : second);
    }
    if (MOST.contains(keyword) && first.isNumber() && second.isNumber()) {
      return Optional.of(
          first.decimalValue().compareTo(second.decimalValue()) < 0 ? first : second);
    }
    return switch (keyword) {
      case "required" -> Optional.of(joined(first, second));
      case "type" -> Optional.of(types(first, second));
      case "enum" -> Optional.of(common(first, second));
      case "properties" -> properties(first, second);
      case "items" -> both(first, second);
      case "additionalProperties" -> additional(first, second);
      default -> Optional.empty();
    };
  }

  private static Optional<JsonNode> additional(JsonNode first, JsonNode second) {
    boolean none = isFalse(first) || isFalse(second);
    return none ? Optional.of(JsonNodeFactory.instance.booleanNode(false)) : both(first, second);
  }

  private static boolean isFalse(JsonNode schema) {
    return schema.isBoolean() && !schema.asBoolean();
  }

  private static Optional<JsonNode> properties(JsonNode first, JsonNode second) {
    ObjectNode merged = ((ObjectNode) first).deepCopy();
    for (var each : second.properties()) {
      JsonNode there = merged.get(each.getKey());
      Optional<JsonNode> value =
          there == null ? Optional.of(each.getValue()) : both(there, each.getValue());
      if (value.isEmpty()) {
        return Optional.empty();
      }
      merged.set(each.getKey(), value.get());
    }
    return Optional.of(merged);
  }

  private static JsonNode joined(JsonNode first, JsonNode second) {
    Set<JsonNode> all = new LinkedHashSet<>(first.valueStream().toList());
    second.valueStream().forEach(all::add);
    return array(List.copyOf(all));
  }

  /// `integer` is within `number`.
  private static JsonNode types(JsonNode first, JsonNode second) {
    List<String> one = SchemaKeywords.types(first);
    List<String> other = SchemaKeywords.types(second);
    Set<String> common = new LinkedHashSet<>(one);
    common.removeIf(
        type -> !other.contains(type) && !(type.equals("integer") && other.contains("number")));
    if (one.contains("number") && other.contains("integer")) {
      common.add("integer");
    }
    var array = JsonNodeFactory.instance.arrayNode();
    common.forEach(array::add);
    return array;
  }

  private static JsonNode common(JsonNode first, JsonNode second) {
    List<JsonNode> values = new ArrayList<>(first.valueStream().toList());
    List<JsonNode> others = second.valueStream().toList();
    values.removeIf(value -> !others.contains(value));
    return array(values);
  }

  private static JsonNode array(List<JsonNode> values) {
    return JsonNodeFactory.instance.arrayNode().addAll(values);
  }
}
