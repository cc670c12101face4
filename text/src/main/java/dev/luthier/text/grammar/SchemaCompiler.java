package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Makes a grammar of a JSON schema.
///
/// Objects are written in the order of the schema, without properties that it does not name; one
/// that names none may have any. Where a schema leaves the type open, it is that of its other
/// keywords.
final class SchemaCompiler {
  private static final int SCHEMAS_MAX = 20_000;
  private static final int DEPTH_MAX = 200;

  private final JsonNode root;
  private final boolean strict;
  private final Map<String, Rule> rules = new HashMap<>();
  private int schemas;
  private int depth;

  private SchemaCompiler(JsonNode root, boolean strict) {
    this.root = root;
    this.strict = strict;
  }

  /// @throws SchemaException if no answer can be held to the schema, or none is valid
  static Part compile(JsonNode schema, boolean strict) {
    requireFinite(schema);
    return new SchemaCompiler(schema, strict).reference("#", "#");
  }

  /// A number like 1e400 is read as infinite, which is no bound and no literal.
  private static void requireFinite(JsonNode node) {
    if (node.isFloatingPointNumber() && !Double.isFinite(node.doubleValue())) {
      throw new SchemaException("#: a number is too large; at most about 1.8e308 is supported");
    }
    node.forEach(SchemaCompiler::requireFinite);
  }

  private Part compile(JsonNode schema, String place) {
    if (++schemas > SCHEMAS_MAX || ++depth > DEPTH_MAX) {
      throw new SchemaException(
          "%s: the schema is too large: at most %d schemas, %d deep, are supported"
              .formatted(place, SCHEMAS_MAX, DEPTH_MAX));
    }
    Part part = compiled(schema, place);
    depth--;
    return part;
  }

  private Part compiled(JsonNode schema, String place) {
    if (schema.isBoolean()) {
      return schema.asBoolean() ? AnyJson.VALUE : new Choice();
    }
    if (!schema.isObject()) {
      throw new SchemaException(place + ": a schema must be an object or a boolean");
    }
    check(schema, place);
    if (schema.has("$ref")) {
      String pointer = text(schema, "$ref", place);
      return isAlone(schema, "$ref")
          ? reference(pointer, place)
          : compile(merged(target(pointer, place), without(schema, "$ref"), place), place);
    }
    if (schema.has("allOf")) {
      JsonNode all = without(schema, "allOf");
      for (JsonNode each : list(schema, "allOf", place)) {
        all = merged(all, expanded(each, place), place);
      }
      return compile(all, place);
    }
    if (schema.has("anyOf")) {
      return alternatives(schema, "anyOf", place);
    }
    if (schema.has("oneOf")) {
      requireApart(list(schema, "oneOf", place), place);
      return alternatives(schema, "oneOf", place);
    }
    return typed(schema, place);
  }

  private Part alternatives(JsonNode schema, String keyword, String place) {
    JsonNode rest = without(schema, keyword);
    boolean alone = isAlone(schema, keyword);
    List<Part> parts = new ArrayList<>();
    for (JsonNode each : list(schema, keyword, place)) {
      String at = place + "/" + keyword + "/" + parts.size();
      parts.add(compile(alone ? each : merged(rest, expanded(each, at), at), at));
    }
    return new Choice(parts);
  }

  private void requireApart(List<JsonNode> schemas, String place) {
    var oneOf = new OneOf(schema -> target(text(schema, "$ref", place), place));
    if (strict && !oneOf.areApart(schemas)) {
      throw new SchemaException(
          "%s: 'oneOf' is supported only where nothing can satisfy two of its schemas, as when each requires a property that is another 'const' in each; else write 'anyOf'"
              .formatted(place));
    }
  }

  private void check(JsonNode schema, String place) {
    for (String keyword : schema.propertyNames()) {
      boolean unkept = SchemaKeywords.UNKEPT.contains(keyword);
      if (strict && unkept) {
        throw new SchemaException(
            "%s: '%s' is not supported when 'strict' is true".formatted(place, keyword));
      }
    }
  }

  /// The schema behind a reference, so that it can be merged with what stands beside it.
  private JsonNode expanded(JsonNode schema, String place) {
    JsonNode expanded = schema;
    for (int hops = 0; expanded.has("$ref"); hops++) {
      if (hops > DEPTH_MAX) {
        throw new SchemaException(place + ": a reference leads back to itself");
      }
      String pointer = text(expanded, "$ref", place);
      expanded = merged(target(pointer, place), without(expanded, "$ref"), place);
    }
    return expanded;
  }

  private Part reference(String pointer, String place) {
    Rule known = rules.get(pointer);
    if (known != null) {
      return known;
    }
    var rule = new Rule();
    rules.put(pointer, rule);
    rule.is(compile(target(pointer, place), pointer));
    return rule;
  }

  private JsonNode target(String pointer, String place) {
    if (pointer.equals("#")) {
      return root;
    }
    JsonNode found =
        pointer.startsWith("#/") ? root.at(pointer.substring(1)) : root.path("no other document");
    if (found.isMissingNode()) {
      throw new SchemaException(
          "%s: '$ref' names '%s', which is not in the schema".formatted(place, pointer));
    }
    return found;
  }

  private JsonNode merged(JsonNode first, JsonNode second, String place) {
    if (!isSchema(first) || !isSchema(second)) {
      throw new SchemaException(place + ": a schema must be an object or a boolean");
    }
    try {
      return SchemaMerge.both(first, second)
          .orElseThrow(() ->
              new SchemaException(
                  place + ": this combination of schemas is not supported; write it as one"));
    } catch (ClassCastException e) {
      throw new SchemaException(place + ": 'properties' must be an object");
    }
  }

  private static boolean isSchema(JsonNode node) {
    return node.isObject() || node.isBoolean();
  }

  private Part typed(JsonNode schema, String place) {
    List<String> types =
        schema.has("type") ? SchemaKeywords.types(schema.get("type")) : implied(schema);
    for (String type : types) {
      if (!SchemaKeywords.TYPES.contains(type)) {
        throw new SchemaException(
            "%s: 'type' is '%s'; supported are %s".formatted(place, type, SchemaKeywords.TYPES));
      }
    }
    if (schema.has("const") || schema.has("enum")) {
      return literals(schema, types, place);
    }
    if (types.equals(SchemaKeywords.TYPES)) {
      return AnyJson.VALUE;
    }
    var scalars = new ScalarSchemas(schema, place, strict);
    List<Part> parts =
        types.stream()
            .map(type ->
                switch (type) {
                  case "object" ->
                      new ObjectSchemas(schema, place, strict, this::compile).compile();
                  case "array" -> new ArraySchemas(schema, place, strict, this::compile).compile();
                  default -> scalars.compile(type);
                })
            .toList();
    return parts.size() == 1 ? parts.getFirst() : new Choice(parts);
  }

  /// What a schema without a type speaks of.
  private static List<String> implied(JsonNode schema) {
    Set<String> types =
        schema.propertyNames().stream()
            .filter(SchemaKeywords.KEPT_BY_TYPE::containsKey)
            .map(SchemaKeywords.KEPT_BY_TYPE::get)
            .collect(Collectors.toSet());
    return types.isEmpty() ? SchemaKeywords.TYPES : List.copyOf(types);
  }

  private Part literals(JsonNode schema, List<String> types, String place) {
    Optional<String> beside =
        schema.propertyNames().stream()
            .filter(SchemaKeywords.KEPT_BY_TYPE::containsKey)
            .findFirst();
    if (strict && beside.isPresent()) {
      throw new SchemaException(
          "%s: '%s' beside 'enum' or 'const' is not supported; list the values that satisfy it"
              .formatted(place, beside.get()));
    }
    List<JsonNode> values =
        schema.has("const") ? List.of(schema.get("const")) : list(schema, "enum", place);
    return new Choice(
        values.stream()
            .filter(value -> types.stream().anyMatch(type -> ScalarSchemas.is(type, value)))
            .filter(value ->
                !schema.has("const")
                    || !schema.has("enum")
                    || list(schema, "enum", place).contains(value))
            .map(value -> Literal.of(value.toString()))
            .toList());
  }

  static String quoted(String text) {
    return StringNode.valueOf(text).toString();
  }

  private static String text(JsonNode schema, String keyword, String place) {
    JsonNode value = schema.get(keyword);
    if (!value.isString()) {
      throw new SchemaException("%s: '%s' must be a string".formatted(place, keyword));
    }
    return value.asString();
  }

  private static List<JsonNode> list(JsonNode schema, String keyword, String place) {
    JsonNode value = schema.get(keyword);
    if (!value.isArray() || value.isEmpty()) {
      throw new SchemaException(
          "%s: '%s' must be an array with at least one element".formatted(place, keyword));
    }
    return value.valueStream().toList();
  }

  private static JsonNode without(JsonNode schema, String keyword) {
    ObjectNode copy = ((ObjectNode) schema).deepCopy();
    copy.remove(keyword);
    return copy;
  }

  /// Whether nothing beside a keyword says what is valid.
  private static boolean isAlone(JsonNode schema, String keyword) {
    return schema.propertyNames().stream()
        .allMatch(name ->
            name.equals(keyword)
                || !(SchemaKeywords.KEPT.contains(name)
                    || SchemaKeywords.KEPT_BY_TYPE.containsKey(name)));
  }
}
