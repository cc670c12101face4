package dev.luthier.text.rows;

import java.util.regex.Pattern;

/// Finds the usual reason behind Python's words for a line that is no JSON.
final class JsonFault {
  private static final String CURLY = "\u201C\u201D\u201E\u2018\u2019\u00AB\u00BB";

  /// What Python and JavaScript write where JSON says true, false or null.
  private static final Pattern LITERAL = Pattern.compile("(True|False|None|undefined)\\b");

  private JsonFault() {}

  static FindingCode of(String text, PythonJsonException error) {
    String line = text.strip();
    if (line.equals("[") || line.equals("]") || line.equals("],")) {
      return FindingCode.JSON_ARRAY;
    }
    int index = Math.min(error.index(), text.length());
    String rest = text.substring(index).stripLeading();
    return switch (error.what()) {
      case "Extra data" -> extraData(rest);
      case "Unterminated string starting at" -> FindingCode.UNTERMINATED_STRING;
      case "Invalid control character at" -> FindingCode.CONTROL_CHARACTER;
      case "Invalid \\escape", "Invalid \\uXXXX escape" -> FindingCode.INVALID_ESCAPE;
      default -> atToken(text, index, rest, error.what());
    };
  }

  private static FindingCode extraData(String rest) {
    String after = rest.startsWith(",") ? rest.substring(1).strip() : rest;
    if (after.startsWith("{")) {
      return FindingCode.SEVERAL_OBJECTS;
    }
    if (isComment(after)) {
      return FindingCode.COMMENT;
    }
    return after.isEmpty() ? FindingCode.TRAILING_COMMA : FindingCode.INVALID_JSON;
  }

  private static FindingCode atToken(String text, int index, String rest, String what) {
    if (rest.isEmpty()) {
      return FindingCode.SPLIT_OBJECT;
    }
    char next = rest.charAt(0);
    if (isComment(rest)) {
      return FindingCode.COMMENT;
    }
    if (next == '\'') {
      return FindingCode.SINGLE_QUOTES;
    }
    if (CURLY.indexOf(next) >= 0) {
      return FindingCode.CURLY_QUOTES;
    }
    boolean closes = next == '}' || next == ']';
    if (closes && text.substring(0, index).stripTrailing().endsWith(",")) {
      return FindingCode.TRAILING_COMMA;
    }
    return switch (what) {
      case "Expecting value" ->
          LITERAL.matcher(rest).lookingAt() ? FindingCode.PYTHON_LITERAL : FindingCode.INVALID_JSON;
      case "Expecting property name enclosed in double quotes" ->
          Character.isLetter(next) ? FindingCode.UNQUOTED_KEY : FindingCode.INVALID_JSON;
      case "Expecting ',' delimiter" -> FindingCode.MISSING_COMMA;
      case "Expecting ':' delimiter" -> FindingCode.MISSING_COLON;
      default -> FindingCode.INVALID_JSON;
    };
  }

  private static boolean isComment(String text) {
    return text.startsWith("//") || text.startsWith("/*") || text.startsWith("#");
  }
}
