package dev.luthier.text.template;

/// What `safe` and `escape` make: text that counts as HTML. Everything joined to it is escaped
/// first, even though templates render without autoescape; some of them rely on it.
final class Markup {
  private Markup() {}

  /// Text as HTML: as it is where it was marked so, escaped otherwise.
  static Text of(Text text, Fuel fuel) {
    return text.isMarkup() ? text : escaped(text, fuel).asMarkup();
  }

  /// What may be joined to `neighbour`: escaped where that is marked.
  static Text beside(Text neighbour, Text text, Fuel fuel) {
    return neighbour.isMarkup() ? of(text, fuel) : text;
  }

  private static Text escaped(Text text, Fuel fuel) {
    String s = text.chars();
    TextBuilder out = new TextBuilder(fuel);
    int done = 0;
    for (int i = 0; i < s.length(); i++) {
      String escape = escape(s.charAt(i));
      if (!escape.isEmpty()) {
        out.append(text, done, i).append(escape, text.runOrigin(text.runAt(i)));
        done = i + 1;
      }
    }
    return out.append(text, done, s.length()).build();
  }

  private static String escape(char c) {
    return switch (c) {
      case '&' -> "&amp;";
      case '>' -> "&gt;";
      case '<' -> "&lt;";
      case '\'' -> "&#39;";
      case '"' -> "&#34;";
      default -> "";
    };
  }
}
