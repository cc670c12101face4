package dev.luthier.text.template;

import java.util.List;

/// A rendered prompt.
///
/// @param text the prompt
/// @param spans origins of all characters, in order, without gaps; neighbours differ in origin;
///   empty for an empty text
public record Rendered(String text, List<Span> spans) {
  public Rendered {
    spans = List.copyOf(spans);
    int covered = 0;
    for (Span span : spans) {
      if (span.start() != covered) {
        throw new IllegalArgumentException(
            "span starts at " + span.start() + " where " + covered + " was covered");
      }
      covered = span.end();
    }
    if (covered != text.length()) {
      throw new IllegalArgumentException(
          "spans cover " + covered + " of " + text.length() + " characters");
    }
  }
}
