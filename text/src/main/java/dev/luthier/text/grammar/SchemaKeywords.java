package dev.luthier.text.grammar;

import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The words of JSON Schema, by what can be done with them.
final class SchemaKeywords {
  static final List<String> TYPES =
      List.of("object", "array", "string", "number", "integer", "boolean", "null");

  /// Words that say nothing about what is valid.
  static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$comment",
          "$schema",
          "$id",
          "$anchor",
          "$defs",
          "definitions",
          "contentEncoding",
          "contentMediaType");

  /// Words that are kept to, beside what each of them speaks of.
  static final Map<String, String> KEPT_BY_TYPE =
      Map.ofEntries(
          Map.entry("properties", "object"),
          Map.entry("required", "object"),
          Map.entry("additionalProperties", "object"),
          Map.entry("patternProperties", "object"),
          Map.entry("propertyNames", "object"),
          Map.entry("minProperties", "object"),
          Map.entry("maxProperties", "object"),
          Map.entry("items", "array"),
          Map.entry("prefixItems", "array"),
          Map.entry("uniqueItems", "array"),
          Map.entry("minItems", "array"),
          Map.entry("maxItems", "array"),
          Map.entry("pattern", "string"),
          Map.entry("format", "string"),
          Map.entry("minLength", "string"),
          Map.entry("maxLength", "string"),
          Map.entry("minimum", "number"),
          Map.entry("maximum", "number"),
          Map.entry("exclusiveMinimum", "number"),
          Map.entry("exclusiveMaximum", "number"),
          Map.entry("multipleOf", "number"));

  static final Set<String> KEPT =
      Set.of("type", "enum", "const", "anyOf", "oneOf", "allOf", "$ref");

  /// Words that restrict what is valid and are not kept to.
  static final Set<String> UNKEPT =
      Set.of(
          "not",
          "if",
          "then",
          "else",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "unevaluatedProperties",
          "unevaluatedItems",
          "additionalItems",
          "contains",
          "minContains",
          "maxContains",
          "$dynamicRef",
          "$recursiveRef");

  /// What a format's strings look like; as those of OpenAI's strict schemas.
  static final Map<String, String> FORMATS = formats();

  private SchemaKeywords() {}

  /// The value of `type`, which is a name or some.
  static List<String> types(JsonNode type) {
    return type.isArray()
        ? type.valueStream().map(each -> each.asString("")).toList()
        : List.of(type.asString(""));
  }

  private static Map<String, String> formats() {
    String date =
        "([0-9]{4}-((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])"
            + "|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
            + "|([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29)";
    String time =
        "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    String label = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
    String host = label + "(\\." + label + "){0,3}";
    String octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    String hours = "[0-9]{1,6}H([0-9]{1,6}M([0-9]{1,6}S)?)?";
    String days = "[0-9]{1,6}Y([0-9]{1,6}M([0-9]{1,6}D)?)?|[0-9]{1,6}M([0-9]{1,6}D)?|[0-9]{1,6}D";
    String clock = "(" + hours + "|[0-9]{1,6}M([0-9]{1,6}S)?|[0-9]{1,6}S)";
    return Map.of(
        "date", "^" + date + "$",
        "time", "^" + time + "$",
        "date-time", "^" + date + "T" + time + "$",
        "duration", "^P([0-9]{1,6}W|(" + days + ")(T" + clock + ")?|T" + clock + ")$",
        "uuid", "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$",
        "ipv4", "^" + octet + "(\\." + octet + "){3}$",
        "ipv6", "^[0-9a-fA-F]{1,4}(:[0-9a-fA-F]{1,4}){7}$",
        "hostname", "^" + host + "$",
        "email", "^[a-zA-Z0-9_+-]{1,32}(\\.[a-zA-Z0-9_+-]{1,32}){0,3}@" + host + "$");
  }
}
