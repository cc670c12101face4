package dev.luthier.text.rows;

import java.math.BigInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads JSON as Python's `json.loads` does: it takes what that takes (`NaN`, half a surrogate
/// pair, a key twice), and names an error and its place in the same words, which users know from
/// OpenAI. Checked against Python 3.11.
final class PythonJson {
  /// Python gives up at its recursion limit, near a thousand.
  private static final int DEPTH_MAX = 900;

  /// Python's own limit; reading longer integers takes quadratic time.
  private static final int INTEGER_DIGITS_MAX = 4300;

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /// Gets what is odd in a text that is JSON all the same.
  interface Oddities {
    /// A key that the object has already; the later one counts.
    ///
    /// @param index where it begins in the text
    void keyTwice(String key, int index);

    /// `NaN` or `Infinity`, which Python takes.
    void notANumber(String word, int index);
  }

  private static final Oddities UNHEARD =
      new Oddities() {
        @Override
        public void keyTwice(String key, int index) {}

        @Override
        public void notANumber(String word, int index) {}
      };

  private final String text;
  private final Oddities oddities;
  private int at;
  private int depth;

  private PythonJson(String text, Oddities oddities) {
    this.text = text;
    this.oddities = oddities;
  }

  /// Reads one JSON text.
  ///
  /// @throws PythonJsonException with Python's words if it is none
  static JsonNode parse(String text) {
    return parse(text, UNHEARD);
  }

  /// As [#parse(String)], and tells what is odd.
  static JsonNode parse(String text, Oddities oddities) {
    var reader = new PythonJson(text, oddities);
    reader.skipBlanks();
    JsonNode value = reader.value();
    reader.skipBlanks();
    if (reader.at < text.length()) {
      throw reader.error("Extra data", reader.at);
    }
    return value;
  }

  private JsonNode value() {
    return switch (peek()) {
      case '"' -> {
        at++;
        yield NODES.stringNode(string());
      }
      case '{' -> nested(this::object);
      case '[' -> nested(this::array);
      case 'n' -> word("null", NODES.nullNode());
      case 't' -> word("true", NODES.booleanNode(true));
      case 'f' -> word("false", NODES.booleanNode(false));
      case 'N' -> word("NaN", NODES.numberNode(Double.NaN));
      case 'I' -> word("Infinity", NODES.numberNode(Double.POSITIVE_INFINITY));
      default ->
          text.startsWith("-Infinity", at)
              ? word("-Infinity", NODES.numberNode(Double.NEGATIVE_INFINITY))
              : number();
    };
  }

  private interface Container {
    JsonNode read();
  }

  private JsonNode nested(Container container) {
    if (depth == DEPTH_MAX) {
      throw error("More than " + DEPTH_MAX + " levels of nesting", at);
    }
    depth++;
    at++;
    skipBlanks();
    JsonNode node = container.read();
    depth--;
    return node;
  }

  private JsonNode object() {
    ObjectNode object = NODES.objectNode();
    if (peek() == '}') {
      at++;
      return object;
    }
    while (true) {
      if (peek() != '"') {
        throw error("Expecting property name enclosed in double quotes", at);
      }
      int name = at++;
      String key = string();
      if (object.has(key)) {
        oddities.keyTwice(key, name);
      }
      skipBlanks();
      if (peek() != ':') {
        throw error("Expecting ':' delimiter", at);
      }
      at++;
      skipBlanks();
      object.set(key, value());
      if (ended('}')) {
        return object;
      }
    }
  }

  private JsonNode array() {
    ArrayNode array = NODES.arrayNode();
    if (peek() == ']') {
      at++;
      return array;
    }
    while (true) {
      array.add(value());
      if (ended(']')) {
        return array;
      }
    }
  }

  /// After a member of an object or array: true at its end, false after a comma.
  private boolean ended(char closing) {
    skipBlanks();
    int next = peek();
    if (next == closing) {
      at++;
      return true;
    }
    if (next != ',') {
      throw error("Expecting ',' delimiter", at);
    }
    at++;
    skipBlanks();
    return false;
  }

  private JsonNode word(String word, JsonNode node) {
    if (!text.startsWith(word, at)) {
      throw error("Expecting value", at);
    }
    if (node.isNumber()) {
      oddities.notANumber(word, at);
    }
    at += word.length();
    return node;
  }

  private JsonNode number() {
    int start = at;
    int end = peek() == '-' ? at + 1 : at;
    int digits = end;
    end = digit(end) && text.charAt(end) == '0' ? end + 1 : digitsFrom(end);
    if (end == digits) {
      throw error("Expecting value", start);
    }
    boolean integer = true;
    if (end < text.length() && text.charAt(end) == '.' && digit(end + 1)) {
      end = digitsFrom(end + 1);
      integer = false;
    }
    int exponent = exponentFrom(end);
    if (exponent > end) {
      end = exponent;
      integer = false;
    }
    at = end;
    String number = text.substring(start, end);
    return integer ? integer(number, start) : NODES.numberNode(Double.parseDouble(number));
  }

  private int exponentFrom(int start) {
    if (start >= text.length() || (text.charAt(start) | 0x20) != 'e') {
      return start;
    }
    int digits = start + 1;
    if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
      digits++;
    }
    int end = digitsFrom(digits);
    return end > digits ? end : start;
  }

  private JsonNode integer(String number, int start) {
    if (number.length() < 10) {
      return NODES.numberNode(Integer.parseInt(number));
    }
    if (number.length() > INTEGER_DIGITS_MAX) {
      throw error("Integer of more than " + INTEGER_DIGITS_MAX + " digits", start);
    }
    var value = new BigInteger(number);
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValueExact());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValueExact())
        : NODES.numberNode(value);
  }

  private boolean digit(int index) {
    return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
  }

  private int digitsFrom(int start) {
    int end = start;
    while (digit(end)) {
      end++;
    }
    return end;
  }

  /// Reads from after the opening quote to after the closing one.
  private String string() {
    int opening = at - 1;
    int plain = at;
    StringBuilder unescaped = null;
    while (true) {
      int next = peek();
      if (next < 0) {
        throw error("Unterminated string starting at", opening);
      }
      if (next == '"') {
        String rest = text.substring(plain, at++);
        return unescaped == null ? rest : unescaped.append(rest).toString();
      }
      if (next == '\\') {
        unescaped = unescaped == null ? new StringBuilder() : unescaped;
        unescaped.append(text, plain, at++);
        unescaped.append(escape(opening));
        plain = at;
      } else if (next < ' ') {
        throw error("Invalid control character at", at);
      } else {
        at++;
      }
    }
  }

  /// Reads from after the backslash.
  private char escape(int opening) {
    int letter = peek();
    at++;
    return switch (letter) {
      case '"', '\\', '/' -> (char) letter;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hexadecimal();
      case -1 -> throw error("Unterminated string starting at", opening);
      default -> throw error("Invalid \\escape", at - 2);
    };
  }

  /// Four digits and at least one character more, as Python asks; halves of a pair join by standing
  /// side by side.
  private char hexadecimal() {
    int start = at;
    at += 4;
    if (at >= text.length()) {
      throw error("Invalid \\uXXXX escape", start - 1);
    }
    int value = 0;
    for (int i = start; i < at; i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), 16) : -1;
      if (digit < 0) {
        throw error("Invalid \\uXXXX escape", start - 1);
      }
      value = value * 16 + digit;
    }
    return (char) value;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : -1;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /// Places count characters, not UTF-16 units.
  private PythonJsonException error(String what, int index) {
    String before = text.substring(0, Math.min(index, text.length()));
    int character = before.codePointCount(0, before.length());
    int lineStart = before.lastIndexOf('\n') + 1;
    long line = 1 + before.chars().filter(c -> c == '\n').count();
    int column = 1 + before.codePointCount(lineStart, before.length());
    return new PythonJsonException(
        what, index, what + ": line " + line + " column " + column + " (char " + character + ")");
  }
}
