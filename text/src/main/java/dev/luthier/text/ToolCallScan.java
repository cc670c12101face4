package dev.luthier.text;

/// Follows what comes after `<tool_call>`, character by character, up to the end of `</tool_call>`.
///
/// It gives up at the first character that could not stand there, so that text is not held back for
/// longer than it may be a call. A tag outside of a JSON string is such a character: of many
/// opening tags in a row only the last is followed far, and reading takes time in proportion to the
/// text.
final class ToolCallScan {
  enum State {
    /// More must come.
    UNDECIDED,
    /// The closing tag is complete.
    CLOSED,
    /// This is no call.
    BROKEN
  }

  private static final String OUTSIDE_OF_STRINGS = " \t\r\n{}[]:,\"-+.0123456789eEtruefalsn";
  private static final String BLANKS = " \t\r\n";

  private final StringBuilder object = new StringBuilder();
  private int depth;
  private boolean inString;
  private boolean escaped;
  private int closed; // characters of the closing tag

  State take(char c) {
    if (object.isEmpty()) {
      return begin(c);
    }
    return depth > 0 ? inside(c) : behind(c);
  }

  /// The object between the tags, which is complete or empty; whether it is JSON is not said.
  String object() {
    return depth == 0 ? object.toString() : "";
  }

  static boolean isBlank(char c) {
    return BLANKS.indexOf(c) >= 0;
  }

  private State begin(char c) {
    if (c == '{') {
      object.append(c);
      depth = 1;
    }
    return c == '{' || isBlank(c) ? State.UNDECIDED : State.BROKEN;
  }

  private State inside(char c) {
    object.append(c);
    if (inString) {
      inString = escaped || c != '"';
      escaped = !escaped && c == '\\';
      return State.UNDECIDED;
    }
    switch (c) {
      case '"' -> inString = true;
      case '{', '[' -> depth++;
      case '}', ']' -> depth--;
      default -> {}
    }
    return OUTSIDE_OF_STRINGS.indexOf(c) >= 0 ? State.UNDECIDED : State.BROKEN;
  }

  private State behind(char c) {
    if (closed == 0 && isBlank(c)) {
      return State.UNDECIDED;
    }
    if (c != ToolCallText.CLOSE.charAt(closed)) {
      return State.BROKEN;
    }
    closed++;
    return closed == ToolCallText.CLOSE.length() ? State.CLOSED : State.UNDECIDED;
  }
}
