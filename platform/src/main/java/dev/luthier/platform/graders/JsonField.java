package dev.luthier.platform.graders;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A value of a grader or an eval with its full name, which every refusal carries.
public record JsonField(String path, JsonNode json) {

  /// The member of an object; null counts as one that is not there.
  public Optional<JsonField> optional(String name) {
    JsonNode value = asObject().path(name);
    return value.isMissingNode() || value.isNull()
        ? Optional.empty()
        : Optional.of(new JsonField(path + "." + name, value));
  }

  /// The member of an object that must be there.
  public JsonField required(String name) {
    JsonNode value = asObject().path(name);
    if (value.isMissingNode()) {
      throw ApiException.missing(path + "." + name);
    }
    return new JsonField(path + "." + name, value);
  }

  /// The last part of the name.
  String key() {
    return path.substring(path.lastIndexOf('.') + 1);
  }

  public String text() {
    if (!json.isString()) {
      throw wrongType("a string");
    }
    return json.asString();
  }

  /// A string of 1 to `max` characters.
  public String text(int max) {
    String text = text();
    if (text.isEmpty()) {
      throw ApiException.stringTooShort(path, 1, 0);
    }
    if (text.length() > max) {
      throw ApiException.stringTooLong(path, max, text.length());
    }
    return text;
  }

  Template template() {
    return asTemplate(text());
  }

  /// `source` as a template of this field.
  Template asTemplate(String source) {
    try {
      return Template.parse(source);
    } catch (IllegalArgumentException e) {
      throw refusal("Invalid template: " + e.getMessage() + ".");
    }
  }

  /// A number from `min` to `max`, both included.
  public double number(double min, double max) {
    if (!json.isNumber()) {
      throw wrongType("a decimal");
    }
    double number = json.doubleValue();
    if (number > max) {
      throw ApiException.decimalAbove(path, Double.toString(max), number);
    }
    if (!(number >= min)) {
      throw ApiException.decimalBelow(path, Double.toString(min), number);
    }
    return number;
  }

  public boolean bool() {
    if (!json.isBoolean()) {
      throw wrongType("a boolean");
    }
    return json.asBoolean();
  }

  /// An integer from `min` to `max`, both included.
  public long integer(long min, long max) {
    if (!json.isIntegralNumber() || !json.canConvertToLong()) {
      throw wrongType("an integer");
    }
    long number = json.longValue();
    if (number > max) {
      throw ApiException.integerAbove(path, max, number);
    }
    if (number < min) {
      throw ApiException.integerBelow(path, min, number);
    }
    return number;
  }

  /// An array of at most `max` elements.
  public List<JsonField> elements(int max) {
    if (!json.isArray()) {
      throw wrongType("an array");
    }
    if (json.size() > max) {
      throw ApiException.tooMany(path, max, json.size());
    }
    List<JsonField> elements = new ArrayList<>();
    for (int i = 0; i < json.size(); i++) {
      elements.add(new JsonField(path + "[" + i + "]", json.get(i)));
    }
    return elements;
  }

  /// An object of 1 to `max` members.
  List<JsonField> members(int max) {
    if (asObject().isEmpty()) {
      throw refusal("It holds none, but one is wanted at least.");
    }
    if (json.size() > max) {
      throw ApiException.tooMany(path, max, json.size());
    }
    return json.properties().stream()
        .map(member -> new JsonField(path + "." + member.getKey(), member.getValue()))
        .toList();
  }

  /// A refusal that carries the name.
  public ApiException refusal(String text) {
    return new ApiException(ErrorCode.INVALID_VALUE, text, Optional.of(path));
  }

  /// The text, fit to be repeated in a refusal.
  public String shown() {
    return ApiException.shown(text());
  }

  public JsonNode asObject() {
    if (!json.isObject()) {
      throw wrongType("an object");
    }
    return json;
  }

  private ApiException wrongType(String expected) {
    String got =
        switch (json.getNodeType()) {
          case STRING -> "a string";
          case BOOLEAN -> "a boolean";
          case ARRAY -> "an array";
          case OBJECT, POJO, BINARY -> "an object";
          case NULL, MISSING -> "null";
          case NUMBER -> json.isIntegralNumber() ? "an integer" : "a decimal";
        };
    return ApiException.invalidType(path, expected, got);
  }
}
