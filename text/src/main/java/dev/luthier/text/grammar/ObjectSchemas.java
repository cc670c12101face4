package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Repeat;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// What one schema says of objects.
///
/// @param inner makes the part of a schema inside of this one, which stands at a place
record ObjectSchemas(
    JsonNode schema, String place, boolean strict, BiFunction<JsonNode, String, Part> inner) {

  Part compile() {
    Map<String, JsonNode> properties = properties();
    return properties.isEmpty() ? map() : named(properties);
  }

  private Set<String> required() {
    return schema
        .path("required")
        .valueStream()
        .map(name -> name.asString(""))
        .collect(Collectors.toSet());
  }

  private Map<String, JsonNode> properties() {
    Map<String, JsonNode> properties = new LinkedHashMap<>();
    schema
        .path("properties")
        .properties()
        .forEach(each -> properties.put(each.getKey(), each.getValue()));
    JsonNode additional = schema.path("additionalProperties");
    for (String name : required().stream().sorted().toList()) {
      if (!properties.containsKey(name)) {
        // Required but described nowhere else: whatever additional properties may be.
        properties.put(name, additional.isMissingNode() ? BooleanNode.TRUE : additional);
      }
    }
    return properties;
  }

  private Part named(Map<String, JsonNode> properties) {
    Set<String> required = required();
    refuse(schema.has("patternProperties"), "'patternProperties' beside named properties");
    refuse(schema.has("propertyNames"), "'propertyNames' beside named properties");
    refuse(count("minProperties", 0) > required.size(), "'minProperties' beyond 'required'");
    refuse(
        count("maxProperties", Repeat.ENDLESS) < properties.size(),
        "'maxProperties' below the number of 'properties'");
    List<Properties.Property> compiled = new ArrayList<>();
    properties.forEach((name, value) ->
        compiled.add(
            new Properties.Property(
                Literal.of(SchemaCompiler.quoted(name) + ":"),
                inner.apply(value, place + "/properties/" + name),
                required.contains(name))));
    return new Part.Sequence(
        new Literal("{"), new Properties(new Properties.Shape(compiled), 0, false));
  }

  /// An object that names no properties.
  private Part map() {
    int min = count("minProperties", 0);
    int max = count("maxProperties", Repeat.ENDLESS);
    refuse(min > 1, "'minProperties' above 1, as keys may repeat,");
    if (min > max) {
      return new Part.Choice();
    }
    JsonNode patterns = schema.path("patternProperties");
    boolean byPattern = patterns.isObject() && patterns.size() == 1;
    refuse(patterns.size() > 1, "'patternProperties' of several patterns");
    refuse(byPattern && schema.has("propertyNames"), "'propertyNames' beside 'patternProperties'");
    if (byPattern) {
      var only = patterns.properties().iterator().next();
      ObjectNode key = JsonNodeFactory.instance.objectNode().put("pattern", only.getKey());
      String at = place + "/patternProperties/" + only.getKey();
      return AnyJson.map(key(key, at), inner.apply(only.getValue(), at), min, max);
    }
    JsonNode additional = schema.path("additionalProperties");
    boolean closed = additional.isBoolean() && !additional.asBoolean();
    Part value =
        additional.isMissingNode()
            ? AnyJson.VALUE
            : inner.apply(additional, place + "/additionalProperties");
    Part key =
        schema.path("propertyNames").isObject()
            ? key((ObjectNode) schema.get("propertyNames"), place + "/propertyNames")
            : AnyJson.STRING;
    return AnyJson.map(key, value, min, closed ? 0 : max);
  }

  private Part key(ObjectNode described, String at) {
    ObjectNode copy = described.deepCopy();
    if (!copy.has("type")) {
      copy.put("type", "string");
    }
    return inner.apply(copy, at);
  }

  private int count(String keyword, int byDefault) {
    return new ScalarSchemas(schema, place, strict).count(keyword, byDefault);
  }

  private void refuse(boolean unkept, String what) {
    if (strict && unkept) {
      throw new SchemaException(
          "%s: %s is not supported when 'strict' is true".formatted(place, what));
    }
  }
}
