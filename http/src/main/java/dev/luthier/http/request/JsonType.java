package dev.luthier.http.request;

import tools.jackson.databind.JsonNode;

/// The names of JSON types with their article, as OpenAI's refusals say them.
final class JsonType {
  private JsonType() {}

  static String of(JsonNode node) {
    return switch (node.getNodeType()) {
      case STRING -> "a string";
      case BOOLEAN -> "a boolean";
      case ARRAY -> "an array";
      case OBJECT, POJO, BINARY -> "an object";
      case NULL, MISSING -> "null";
      case NUMBER -> node.isIntegralNumber() ? "an integer" : "a decimal";
    };
  }
}
