package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Repeat;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// What one schema says of strings, numbers and counts.
record ScalarSchemas(JsonNode schema, String place, boolean strict) {
  private static final BigDecimal BOUND_MAX = BigDecimal.TEN.pow(18);
  private static final int SCALE_MAX = 30;

  /// @param type neither object nor array
  Part compile(String type) {
    return switch (type) {
      case "string" -> string();
      case "integer" -> isBounded() ? number(true) : AnyJson.INTEGER;
      case "number" -> isBounded() ? number(false) : AnyJson.NUMBER;
      case "boolean" -> AnyJson.BOOLEAN;
      case "null" -> AnyJson.NULL;
      default -> throw new IllegalArgumentException(type);
    };
  }

  static boolean is(String type, JsonNode value) {
    return switch (type) {
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "string" -> value.isString();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "boolean" -> value.isBoolean();
      case "null" -> value.isNull();
      default -> false;
    };
  }

  private Part string() {
    int min = count("minLength", 0);
    int max = count("maxLength", Repeat.ENDLESS);
    if (min > max) {
      return new Choice();
    }
    Optional<String> pattern = pattern();
    if (pattern.isEmpty()) {
      return JsonText.string(min, max);
    }
    try {
      return JsonText.quoted(
          schema.has("minLength") || schema.has("maxLength")
              ? counted(pattern.get(), min, max)
              : PatternParser.parse(pattern.get()));
    } catch (SchemaException e) {
      if (strict) {
        throw new SchemaException(
            "%s: 'pattern' is not supported: %s".formatted(place, e.getMessage()));
      }
      return JsonText.string(min, max);
    }
  }

  private static Part counted(String pattern, int min, int max) {
    return CountedPattern.of(PatternParser.characters(pattern), min, max)
        .orElseThrow(() ->
            new SchemaException(
                "with 'minLength' and 'maxLength' beside it, it is too large to be counted; say it in"
                    + " the pattern, as with {%d,%d}: %s".formatted(min, max, pattern)));
  }

  private Optional<String> pattern() {
    JsonNode pattern = schema.path("pattern");
    JsonNode format = schema.path("format");
    if (strict && !format.isMissingNode()) {
      if (!pattern.isMissingNode()) {
        throw new SchemaException(place + ": 'pattern' beside 'format' is not supported");
      }
      if (!SchemaKeywords.FORMATS.containsKey(format.asString(""))) {
        throw new SchemaException(
            "%s: 'format' is '%s'; supported are %s"
                .formatted(
                    place,
                    format.asString(""),
                    SchemaKeywords.FORMATS.keySet().stream().sorted().toList()));
      }
    }
    return pattern.isString()
        ? Optional.of(pattern.asString())
        : Optional.ofNullable(SchemaKeywords.FORMATS.get(format.asString("")));
  }

  private boolean isBounded() {
    return Stream.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
        .anyMatch(schema::has);
  }

  private Part number(boolean integer) {
    Optional<BigDecimal> min = decimal("minimum");
    Optional<BigDecimal> above = decimal("exclusiveMinimum");
    Optional<BigDecimal> max = decimal("maximum");
    Optional<BigDecimal> below = decimal("exclusiveMaximum");
    Optional<BigDecimal> step = decimal("multipleOf");
    if (step.isPresent() && step.get().signum() <= 0) {
      throw new SchemaException(place + ": 'multipleOf' must be greater than 0");
    }
    boolean minExcluded =
        above.isPresent() && (min.isEmpty() || above.get().compareTo(min.get()) >= 0);
    boolean maxExcluded =
        below.isPresent() && (max.isEmpty() || below.get().compareTo(max.get()) <= 0);
    return new Numeral(
        Numeral.Range.of(
            minExcluded ? above : min,
            minExcluded,
            maxExcluded ? below : max,
            maxExcluded,
            step,
            integer),
        "");
  }

  private Optional<BigDecimal> decimal(String keyword) {
    JsonNode value = schema.path(keyword);
    if (value.isMissingNode()) {
      return Optional.empty();
    }
    if (!value.isNumber()) {
      throw new SchemaException("%s: '%s' must be a number".formatted(place, keyword));
    }
    BigDecimal number = value.decimalValue().stripTrailingZeros();
    if (number.abs().compareTo(BOUND_MAX) > 0 || number.scale() > SCALE_MAX) {
      throw new SchemaException(
          "%s: '%s' is %s; supported are numbers up to %s with at most %d digits after the point"
              .formatted(place, keyword, value, BOUND_MAX, SCALE_MAX));
    }
    return Optional.of(number);
  }

  int count(String keyword, int byDefault) {
    JsonNode value = schema.path(keyword);
    if (value.isMissingNode()) {
      return byDefault;
    }
    if (!value.isNumber() || !value.canConvertToInt() || value.asInt() < 0) {
      throw new SchemaException(
          "%s: '%s' must be an integer that is not negative".formatted(place, keyword));
    }
    return value.asInt();
  }
}
