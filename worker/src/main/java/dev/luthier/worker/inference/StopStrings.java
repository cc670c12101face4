package dev.luthier.worker.inference;

import java.util.List;

/// Cuts a text that arrives piece by piece before the first stop string, which may lie across
/// pieces. Text that could be the beginning of a stop string is held back until that is decided.
final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();

  /// What is certain after a piece: `text` can be shown, and whether a stop string followed it.
  record Cut(String text, boolean stopped) {}

  StopStrings(List<String> stops) {
    this.stops = stops.stream().filter(stop -> !stop.isEmpty()).toList();
  }

  Cut add(String piece) {
    held.append(piece);
    int first = held.length();
    for (String stop : stops) {
      int at = held.indexOf(stop);
      if (at >= 0) {
        first = Math.min(first, at);
      }
    }
    if (first < held.length()) {
      held.setLength(first);
      return new Cut(end(), true);
    }
    return new Cut(take(held.length() - undecided()), false);
  }

  /// Ends the text and returns what was held back.
  String end() {
    return take(held.length());
  }

  private String take(int length) {
    String taken = held.substring(0, length);
    held.delete(0, length);
    return taken;
  }

  /// The length of the longest end of the held text with which a stop string begins.
  private int undecided() {
    int longest = 0;
    for (String stop : stops) {
      for (int n = Math.min(stop.length() - 1, held.length()); n > longest; n--) {
        if (stop.startsWith(held.substring(held.length() - n))) {
          longest = n;
        }
      }
    }
    return longest;
  }
}
