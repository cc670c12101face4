package dev.luthier.text.grammar;

import dev.luthier.text.Fixtures;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Schemas at random: nested objects and arrays, references into themselves, alternatives,
/// literals, patterns and bounds.
final class RandomSchemas {
  private static final List<String> PATTERNS =
      List.of(
          "^[a-c]{2,5}$",
          "^\\d{3}-\\d{4}$",
          "b+|^x",
          "^(?:é|ü)?[^a-z]$",
          "\\w@\\w\\.\\w",
          "^a.*z$",
          "^\\\\\"$",
          "^(red|green(ish)?)$");

  private final Random random;

  RandomSchemas(Random random) {
    this.random = random;
  }

  JsonNode next() {
    ObjectNode root = object(3);
    ObjectNode list = root.putObject("$defs").putObject("list");
    list.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = list.putObject("properties");
    properties.set("head", leaf());
    var tail = properties.putObject("tail").putArray("anyOf");
    tail.addObject().put("$ref", "#/$defs/list");
    tail.addObject().put("type", "null");
    list.putArray("required").add("head").add("tail");
    return root;
  }

  private ObjectNode object(int depth) {
    ObjectNode schema = Fixtures.JSON.createObjectNode();
    schema.put("type", "object").put("additionalProperties", false);
    ObjectNode properties = schema.putObject("properties");
    var required = schema.putArray("required");
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String name = List.of("a", "ab", "naïve \"key\"", "d\\e").get(i);
      properties.set(name, any(depth - 1));
      if (random.nextInt(4) > 0) {
        required.add(name);
      }
    }
    return schema;
  }

  private ObjectNode any(int depth) {
    ObjectNode schema = Fixtures.JSON.createObjectNode();
    switch (random.nextInt(depth > 0 ? 8 : 4)) {
      case 4 -> {
        return object(depth);
      }
      case 5 -> {
        schema.put("type", "array").set("items", any(depth - 1));
        int min = random.nextInt(3);
        schema.put("minItems", min).put("maxItems", min + random.nextInt(3));
      }
      case 6 -> {
        var branches = schema.putArray("anyOf");
        branches.add(any(depth - 1));
        branches.add(any(depth - 1));
      }
      case 7 -> schema.put("$ref", "#/$defs/list");
      default -> {
        return leaf();
      }
    }
    return schema;
  }

  private ObjectNode leaf() {
    ObjectNode schema = Fixtures.JSON.createObjectNode();
    switch (random.nextInt(9)) {
      case 0 -> {
        schema.put("type", "string").put("pattern", PATTERNS.get(random.nextInt(PATTERNS.size())));
        if (random.nextBoolean()) {
          schema.put("maxLength", 8 + random.nextInt(8)); // Each pattern has such strings.
        }
      }
      case 6 -> {
        schema.put("type", "array").put("uniqueItems", true).put("minItems", random.nextInt(3));
        schema.putObject("items").putArray("enum").add("red").add("green").add(7);
      }
      case 7 -> {
        var branches = schema.putArray("oneOf");
        branches.addObject().put("type", "integer").put("minimum", 1).put("maximum", 3);
        branches
            .addObject()
            .put("type", "array")
            .putArray("prefixItems")
            .addObject()
            .put("const", 1);
        ((ObjectNode) branches.get(1)).put("maxItems", 1);
      }
      case 1 -> {
        int min = random.nextInt(4);
        schema
            .put("type", "string")
            .put("minLength", min)
            .put("maxLength", min + random.nextInt(6));
      }
      case 2 -> {
        int min = random.nextInt(2000) - 1000;
        schema
            .put("type", "integer")
            .put("minimum", min)
            .put("exclusiveMaximum", min + 1 + random.nextInt(500));
      }
      case 3 -> {
        double min = random.nextInt(2000) / 100.0 - 10;
        schema
            .put("type", "number")
            .put("exclusiveMinimum", min)
            .put("maximum", min + 0.001 + random.nextInt(5));
      }
      case 4 ->
          schema
              .put("type", "integer")
              .put("multipleOf", 1 + random.nextInt(50))
              .put("minimum", -200)
              .put("maximum", 200);
      case 5 -> schema.putArray("enum").add("yes").add("no \"way\"").add(3).addNull();
      default -> schema.putArray("type").add("boolean").add("number").add("null");
    }
    return schema;
  }
}
