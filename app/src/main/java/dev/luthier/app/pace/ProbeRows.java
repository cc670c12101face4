package dev.luthier.app.pace;

import java.util.ArrayList;
import java.util.List;

/// Rows to measure with, from a few words to about a thousand tokens. Their words do not matter: a
/// step takes the same for any.
final class ProbeRows {
  static final int COUNT = 16;

  /// About; a word of these is a token.
  static final int LONGEST_TOKENS = 900;

  private static final List<String> WORDS =
      List.of(" the", " of", " and", " to", " in", " a", " is", " that", " for", " it", " as");

  private ProbeRows() {}

  static List<String> lines() {
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < COUNT; row++) {
      // Half short, half long, so that a line has two ends to rest on.
      int words = row % 2 == 0 ? 30 + 10 * row : LONGEST_TOKENS - 40 * row - 30;
      lines.add(
          """
          {"messages":[{"role":"user","content":"%s"},{"role":"assistant","content":"%s"}]}\
          """
              .formatted(words(words / 2, row), words(words - words / 2, row + 5)));
    }
    return lines;
  }

  private static String words(int count, int first) {
    var text = new StringBuilder("So");
    for (int w = 0; w < count; w++) {
      text.append(WORDS.get((first + w * w) % WORDS.size()));
    }
    return text.toString();
  }
}
