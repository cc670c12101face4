package dev.luthier.http.request;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// One JSON value of a request with its full name, such as `messages[0].role`, which every refusal
/// carries.
public record Value(String path, JsonNode json) {

  /// Whether it is anything but null.
  public boolean present() {
    return !json.isNull() && !json.isMissingNode();
  }

  public boolean isString() {
    return json.isString();
  }

  public boolean isArray() {
    return json.isArray();
  }

  public String string() {
    if (!json.isString()) {
      throw wrongType("a string");
    }
    return json.asString();
  }

  /// A string of 1 to `max` characters.
  public String string(int max) {
    var text = string();
    int length = text.codePointCount(0, text.length());
    if (length < 1) {
      throw ApiException.stringTooShort(path, 1, length);
    }
    if (length > max) {
      throw ApiException.stringTooLong(path, max, length);
    }
    return text;
  }

  public String oneOf(List<String> supported) {
    var text = string();
    if (!supported.contains(text)) {
      throw ApiException.invalidValue(path, shortened(text), supported);
    }
    return text;
  }

  public boolean bool() {
    if (!json.isBoolean()) {
      throw wrongType("a boolean");
    }
    return json.asBoolean();
  }

  public long integer(long min, long max) {
    if (!json.isIntegralNumber()) {
      throw wrongType("an integer");
    }
    // What does not fit a long is told as the nearest long: the bound is what matters.
    long number = json.canConvertToLong() ? json.longValue() : saturated();
    if (number > max) {
      throw ApiException.integerAbove(path, max, number);
    }
    if (number < min) {
      throw ApiException.integerBelow(path, min, number);
    }
    return number;
  }

  /// An integer that fits an `int`.
  public int integer(int min, int max) {
    return Math.toIntExact(integer((long) min, (long) max));
  }

  /// A number from `min` to `max`, both included.
  public double decimal(double min, double max) {
    if (!json.isNumber()) {
      throw wrongType("a decimal");
    }
    double number = json.doubleValue();
    if (number > max) {
      throw ApiException.decimalAbove(path, plain(max), number);
    }
    if (!(number >= min)) {
      throw ApiException.decimalBelow(path, plain(min), number);
    }
    return number;
  }

  public Fields object() {
    if (!json.isObject()) {
      throw wrongType("an object");
    }
    return new Fields(json, path + ".");
  }

  /// An array of at most `max` elements.
  public List<Value> array(int max) {
    if (!json.isArray()) {
      throw wrongType("an array");
    }
    if (json.size() > max) {
      throw ApiException.tooMany(path, max, json.size());
    }
    return IntStream.range(0, json.size())
        .mapToObj(index -> new Value(path + "[" + index + "]", json.get(index)))
        .toList();
  }

  /// An array of 1 to `max` elements.
  public List<Value> filledArray(int max) {
    var elements = array(max);
    if (elements.isEmpty()) {
      throw refusal(
          ErrorCode.INVALID_VALUE,
          "Invalid '%s': empty array. Expected an array with minimum length 1, but got an empty"
              + " array instead.");
    }
    return elements;
  }

  /// String values by string keys. How many and how long is for the service to say.
  public Map<String, String> metadata() {
    object();
    var pairs = new LinkedHashMap<String, String>();
    for (var pair : json.properties()) {
      var name = path + "." + shortened(pair.getKey());
      pairs.put(pair.getKey(), new Value(name, pair.getValue()).string());
    }
    return pairs;
  }

  /// The refusal of a value of another type; `expected` carries its article.
  public ApiException wrongType(String expected) {
    return ApiException.invalidType(path, expected, JsonType.of(json));
  }

  /// A refusal in words of its own; the first `%s` stands for the value's full name. The rest may
  /// hold whatever a user wrote.
  public ApiException refusal(ErrorCode code, String text) {
    return new ApiException(
        code, text.replaceFirst("%s", Matcher.quoteReplacement(path)), Optional.of(path));
  }

  private long saturated() {
    return json.bigIntegerValue().signum() < 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
  }

  private static String plain(double bound) {
    return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
  }

  /// `text`, cut where it grows too long to be repeated in a refusal.
  public static String shortened(String text) {
    return text.length() <= 200 ? text : text.substring(0, 200) + "…";
  }
}
