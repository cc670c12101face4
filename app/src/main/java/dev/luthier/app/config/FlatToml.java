package dev.luthier.app.config;

import java.util.ArrayList;
import java.util.List;

/// The part of TOML that settings need: one `key = value` a line, `#` comments, no tables, no
/// arrays.
///
/// A value is a basic string (`"…"` with `\"` and `\\`), a literal string (`'…'`), or a bare word
/// (number, `true`, `false`). Anything else is refused with its line.
final class FlatToml {
  /// One line that sets something; `line` counts from 1.
  record Entry(String key, String value, int line) {}

  private FlatToml() {}

  static List<Entry> parse(String text, String file) {
    List<Entry> entries = new ArrayList<>();
    String[] lines = text.split("\r?\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = lines[i].strip();
      if (!line.isEmpty() && line.charAt(0) != '#') {
        entries.add(entry(line, i + 1, file));
      }
    }
    return entries;
  }

  private static Entry entry(String line, int number, String file) {
    int equals = line.indexOf('=');
    String key = equals < 0 ? "" : line.substring(0, equals).strip();
    if (!key.matches("[A-Za-z0-9_-]+")) {
      throw refused(file, number, "expected `key = value`");
    }
    return new Entry(key, value(line.substring(equals + 1).strip(), number, file), number);
  }

  private static String value(String text, int number, String file) {
    if (text.startsWith("\"")) {
      return basicString(text, number, file);
    }
    if (text.startsWith("'")) {
      int end = text.indexOf('\'', 1);
      if (end < 0) {
        throw refused(file, number, "the closing ' is missing");
      }
      onlyCommentAfter(text.substring(end + 1), number, file);
      return text.substring(1, end);
    }
    int comment = text.indexOf('#');
    String bare = (comment < 0 ? text : text.substring(0, comment)).strip();
    if (!bare.matches("[A-Za-z0-9_+.-]+")) {
      throw refused(file, number, "put the value in quotes");
    }
    return bare;
  }

  private static String basicString(String text, int number, String file) {
    StringBuilder value = new StringBuilder();
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        onlyCommentAfter(text.substring(i + 1), number, file);
        return value.toString();
      }
      if (c == '\\') {
        i++;
        if (i >= text.length() || "\"\\".indexOf(text.charAt(i)) < 0) {
          throw refused(file, number, "only \\\" and \\\\ are known after a backslash");
        }
        c = text.charAt(i);
      }
      value.append(c);
    }
    throw refused(file, number, "the closing \" is missing");
  }

  private static void onlyCommentAfter(String rest, int number, String file) {
    String stripped = rest.strip();
    if (!stripped.isEmpty() && stripped.charAt(0) != '#') {
      throw refused(file, number, "nothing but a # comment may follow the value");
    }
  }

  private static ConfigException refused(String file, int line, String reason) {
    return new ConfigException(file + " line " + line + ": " + reason + ".");
  }
}
