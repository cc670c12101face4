package dev.luthier.text.template;

/// Escapes in string literals of a template, as Python's `unicode-escape` reads them: an unknown
/// escape stays as it is written.
final class StringEscapes {
  private final String literal;
  private final int line;
  private final StringBuilder decoded = new StringBuilder();
  private int at;

  private StringEscapes(String literal, int line) {
    this.literal = literal;
    this.line = line;
  }

  static String decode(String literal, int line) {
    return literal.indexOf('\\') < 0 ? literal : new StringEscapes(literal, line).decoded();
  }

  private String decoded() {
    while (at < literal.length()) {
      char c = literal.charAt(at++);
      if (c == '\\') {
        escape(literal.charAt(at++));
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private void escape(char c) {
    switch (c) {
      case '\n' -> {}
      case '\\', '\'', '"' -> decoded.append(c);
      case 'a' -> decoded.append('\u0007');
      case 'b' -> decoded.append('\b');
      case 'f' -> decoded.append('\f');
      case 'n' -> decoded.append('\n');
      case 'r' -> decoded.append('\r');
      case 't' -> decoded.append('\t');
      case 'v' -> decoded.append('\u000b');
      case 'x' -> hexadecimal(2);
      case 'u' -> hexadecimal(4);
      case 'U' -> hexadecimal(8);
      case 'N' -> named();
      case '0', '1', '2', '3', '4', '5', '6', '7' -> octal();
      default -> decoded.append('\\').append(c);
    }
  }

  private void hexadecimal(int digits) {
    try {
      int codePoint = Integer.parseInt(literal, at, at + digits, 16);
      decoded.appendCodePoint(codePoint);
      at += digits;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TemplateException(line, "a string escape needs %d hex digits".formatted(digits));
    }
  }

  private void octal() {
    int end = at;
    while (end < literal.length() && end < at + 2 && "01234567".indexOf(literal.charAt(end)) >= 0) {
      end++;
    }
    decoded.append((char) Integer.parseInt(literal, at - 1, end, 8));
    at = end;
  }

  private void named() {
    int close = literal.indexOf('}', at);
    try {
      decoded.appendCodePoint(Character.codePointOf(literal.substring(at + 1, close)));
      at = close + 1;
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new TemplateException(line, "unknown character name in a string escape");
    }
  }
}
