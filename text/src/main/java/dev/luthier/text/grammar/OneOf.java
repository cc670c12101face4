package dev.luthier.text.grammar;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Finds out whether of two schemas no value satisfies both, so that `oneOf` of them says the same
/// as `anyOf`. What it does not see is no reason: then it says no.
///
/// @param target the schema that a reference leads to
record OneOf(UnaryOperator<JsonNode> target) {
  private static final int DEPTH_MAX = 8;

  boolean areApart(List<JsonNode> schemas) {
    for (int i = 0; i < schemas.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (!areApart(schemas.get(i), schemas.get(j), DEPTH_MAX)) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean areApart(JsonNode one, JsonNode other, int depth) {
    if (depth == 0) {
      return false;
    }
    if (one.has("$ref")) {
      return areApart(target.apply(one), other, depth - 1);
    }
    if (other.has("$ref")) {
      return areApart(one, target.apply(other), depth - 1);
    }
    return haveNoCommonType(one, other)
        || haveNoCommonValue(one, other)
        || haveOwnProperties(one, other, depth)
        || haveOwnProperties(other, one, depth);
  }

  private static boolean haveNoCommonType(JsonNode one, JsonNode other) {
    Set<String> types = types(one);
    Set<String> others = types(other);
    return !types.isEmpty() && !others.isEmpty() && others.stream().noneMatch(types::contains);
  }

  /// Empty if the schema does not say; an integer is a number.
  private static Set<String> types(JsonNode schema) {
    Stream<String> types =
        schema.has("type")
            ? SchemaKeywords.types(schema.get("type")).stream()
            : values(schema).orElse(List.of()).stream().map(OneOf::type);
    return types.map(type -> type.equals("integer") ? "number" : type).collect(Collectors.toSet());
  }

  private static String type(JsonNode value) {
    return SchemaKeywords.TYPES.stream()
        .filter(type -> ScalarSchemas.is(type, value))
        .findFirst()
        .orElseThrow();
  }

  private static boolean haveNoCommonValue(JsonNode one, JsonNode other) {
    Optional<List<JsonNode>> values = values(one);
    Optional<List<JsonNode>> others = values(other);
    // Numbers may be equal in two ways of writing.
    return values.isPresent()
        && others.isPresent()
        && values.get().stream().noneMatch(JsonNode::isNumber)
        && values.get().stream().noneMatch(others.get()::contains);
  }

  private static Optional<List<JsonNode>> values(JsonNode schema) {
    if (schema.has("const")) {
      return Optional.of(List.of(schema.get("const")));
    }
    return schema.path("enum").isArray()
        ? Optional.of(schema.get("enum").valueStream().toList())
        : Optional.empty();
  }

  /// Whether an object of `one` needs a property that one of `other` has otherwise or not at all.
  private boolean haveOwnProperties(JsonNode one, JsonNode other, int depth) {
    if (!isObject(one) || !isObject(other)) {
      return false;
    }
    JsonNode additional = other.path("additionalProperties");
    boolean closed = additional.isBoolean() && !additional.asBoolean();
    return one.path("required")
        .valueStream()
        .map(name -> name.asString(""))
        .anyMatch(name -> {
          JsonNode mine = one.path("properties").path(name);
          JsonNode theirs = other.path("properties").path(name);
          return theirs.isMissingNode()
              ? closed
              : requires(other, name) && areApart(mine, theirs, depth - 1);
        });
  }

  private static boolean isObject(JsonNode schema) {
    return schema.path("type").asString("").equals("object");
  }

  private static boolean requires(JsonNode schema, String name) {
    return schema.path("required").valueStream().anyMatch(each -> each.asString("").equals(name));
  }
}
