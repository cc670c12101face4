package dev.luthier.text.rows;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// One example of a file, good in form.
public sealed interface Row permits Conversation, PreferenceRow {
  /// The line in its file, from 1.
  int line();

  /// What a model reads of it, each in one piece.
  List<Conversation> conversations();

  /// How many characters the strings of its conversations hold, about.
  default long characters() {
    return conversations().stream()
        .mapToLong(one -> characters(one.messages()) + one.tools().map(Row::characters).orElse(0L))
        .sum();
  }

  private static long characters(JsonNode node) {
    return node.isString()
        ? node.stringValue().length()
        : node.valueStream().mapToLong(Row::characters).sum();
  }
}
