package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Bytes;
import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Rule;
import dev.luthier.text.grammar.Part.Sequence;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Any text, until a mark begins something that has a form; behind that, any text again.
///
/// One rule for each number of the mark's bytes that the text ends with, as in the search of Knuth,
/// Morris and Pratt: so a text that only looks like the mark for a while stays text.
final class FreeText {
  private static final Bytes NONE = new Bytes(0, 0, 0, 0);

  private FreeText() {}

  /// @param mark of ASCII
  /// @param formed what stands behind each mark
  static Part with(String mark, Part formed) {
    List<Rule> matched = new ArrayList<>();
    for (int count = 0; count < mark.length(); count++) {
      matched.add(new Rule());
    }
    for (int count = 0; count < mark.length(); count++) {
      matched.get(count).is(behind(mark, count, matched, formed));
    }
    return matched.getFirst();
  }

  private static Part behind(String mark, int count, List<Rule> matched, Part formed) {
    Bytes[] by = new Bytes[mark.length() + 1];
    Arrays.fill(by, NONE);
    for (int value = 0; value < 256; value++) {
      int next = longest(mark.substring(0, count) + (char) value, mark);
      by[next] = by[next].or(Bytes.range(value, value));
    }
    List<Part> choices = new ArrayList<>();
    choices.add(new Sequence()); // The answer may end wherever it is text.
    for (int next = 0; next < by.length; next++) {
      if (!by[next].equals(NONE)) {
        choices.add(
            next < mark.length()
                ? new Sequence(by[next], matched.get(next))
                : new Sequence(by[next], formed, matched.getFirst()));
      }
    }
    return new Choice(choices);
  }

  /// How many bytes of the mark a text ends with.
  private static int longest(String text, String mark) {
    int count = Math.min(text.length(), mark.length());
    while (!text.endsWith(mark.substring(0, count))) {
      count--;
    }
    return count;
  }
}
