package dev.luthier.text.rows;

/// Finds places in a text that [PythonJson] has read. Only rows with findings are searched, so rows
/// without pay nothing for columns.
final class JsonPlaces {
  private final String text;
  private int at;

  private JsonPlaces(String text) {
    this.text = text;
  }

  /// The character at which a value, or a key, begins: from 1, counted as Unicode counts. Where the
  /// way breaks off, that of the last value found.
  static int column(String text, Place place) {
    var places = new JsonPlaces(text);
    places.blanks();
    for (Place step : place.steps()) {
      boolean found = step.isElement() ? places.element(step.index()) : places.member(step);
      if (!found) {
        break;
      }
    }
    return column(text, places.at);
  }

  /// The character of an index into the text.
  static int column(String text, int index) {
    return text.codePointCount(0, Math.min(index, text.length())) + 1;
  }

  /// Goes to the member's value or name; of a key that comes twice, the last, which is the one that
  /// counts.
  private boolean member(Place step) {
    int start = at;
    int found = -1;
    if (!opens('{')) {
      return false;
    }
    while (at < text.length() && text.charAt(at) == '"') {
      int name = at;
      string();
      boolean same = named(name, step.key());
      blanks();
      at++; // The colon.
      blanks();
      if (same) {
        found = step.name() ? name : at;
      }
      value();
      comma();
    }
    at = found < 0 ? start : found;
    return found >= 0;
  }

  private boolean named(int name, String key) {
    String raw = text.substring(name + 1, at - 1);
    return raw.indexOf('\\') < 0
        ? raw.equals(key)
        : PythonJson.parse('"' + raw + '"').asString().equals(key);
  }

  private boolean element(int index) {
    int start = at;
    if (!opens('[')) {
      return false;
    }
    for (int i = 0; i < index && at < text.length() && text.charAt(at) != ']'; i++) {
      value();
      comma();
    }
    if (at >= text.length() || text.charAt(at) == ']') {
      at = start;
      return false;
    }
    return true;
  }

  private boolean opens(char bracket) {
    if (at >= text.length() || text.charAt(at) != bracket) {
      return false;
    }
    at++;
    blanks();
    return true;
  }

  private void comma() {
    blanks();
    if (at < text.length() && text.charAt(at) == ',') {
      at++;
      blanks();
    }
  }

  private void value() {
    int depth = 0;
    do {
      char c = text.charAt(at);
      switch (c) {
        case '"' -> string();
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        default -> at++;
      }
    } while (at < text.length() && (depth > 0 || !endsValue(text.charAt(at))));
  }

  private static boolean endsValue(char c) {
    return c == ',' || c == '}' || c == ']' || c <= ' ';
  }

  private void string() {
    at++;
    while (at < text.length() && text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at + 1, text.length());
  }

  private void blanks() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }
}
