package dev.luthier.text.template;

/// A run of rendered characters with one origin, in UTF-16 units as [String#substring] counts them.
///
/// @param start first character
/// @param end one past the last character, above `start`
/// @param origin where the characters come from
public record Span(int start, int end, Origin origin) {
  public Span {
    if (start < 0 || end <= start) {
      throw new IllegalArgumentException("span " + start + ".." + end + " is empty or negative");
    }
  }
}
