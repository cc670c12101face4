package dev.luthier.text.template;

import java.util.Arrays;

/// A string that knows where each of its characters comes from.
///
/// Origins are runs: characters up to `ends[r]` have `origins[r]`, which is the index of a message,
/// [#TEMPLATE] or [#TOOLS]. Neighbouring runs differ; an empty text has none. Offsets are UTF-16
/// units; Python's code points are [CodePoints]' business.
final class Text implements Value {
  static final int TEMPLATE = -1;
  static final int TOOLS = -2;
  static final Text EMPTY = new Text("", new int[0], new int[0]);
  private static final Text EMPTY_MARKUP = new Text("", new int[0], new int[0], true);

  private final String chars;
  private final int[] ends;
  private final int[] origins;
  private final boolean markup;

  Text(String chars, int[] ends, int[] origins) {
    this(chars, ends, origins, false);
  }

  private Text(String chars, int[] ends, int[] origins, boolean markup) {
    this.chars = chars;
    this.ends = ends;
    this.origins = origins;
    this.markup = markup;
  }

  static Text of(String chars) {
    return of(chars, TEMPLATE);
  }

  static Text of(String chars, int origin) {
    return chars.isEmpty()
        ? EMPTY
        : new Text(chars, new int[] {chars.length()}, new int[] {origin});
  }

  /// The origin of something made of both: never the template's when one of them is not.
  static int mix(int one, int other) {
    return one == TEMPLATE ? other : one;
  }

  String chars() {
    return chars;
  }

  int length() {
    return chars.length();
  }

  int runs() {
    return ends.length;
  }

  int runEnd(int run) {
    return ends[run];
  }

  int runOrigin(int run) {
    return origins[run];
  }

  /// One origin for what is computed from the whole.
  int origin() {
    int mixed = TEMPLATE;
    for (int origin : origins) {
      mixed = mix(mixed, origin);
    }
    return mixed;
  }

  /// Whether [Markup] made this; whatever is computed from a part of it stays so.
  boolean isMarkup() {
    return markup;
  }

  Text asMarkup() {
    if (markup) {
      return this;
    }
    return chars.isEmpty() ? EMPTY_MARKUP : new Text(chars, ends, origins, true);
  }

  /// The same characters, no longer marked.
  Text plain() {
    return markup ? new Text(chars, ends, origins) : this;
  }

  /// This, marked where `other` is.
  Text markedLike(Text other) {
    return other.markup ? asMarkup() : this;
  }

  /// The run that holds the character at `offset`.
  int runAt(int offset) {
    int found = Arrays.binarySearch(ends, offset + 1);
    return found >= 0 ? found : -found - 1;
  }

  Text substring(int from, int to) {
    if (from >= to) {
      return EMPTY.markedLike(this);
    }
    if (from == 0 && to == chars.length()) {
      return this;
    }
    int first = runAt(from);
    int last = runAt(to - 1);
    int[] cutEnds = new int[last - first + 1];
    for (int r = first; r <= last; r++) {
      cutEnds[r - first] = Math.min(ends[r], to) - from;
    }
    return new Text(
        chars.substring(from, to), cutEnds, Arrays.copyOfRange(origins, first, last + 1), markup);
  }

  /// Other characters computed from these: they keep one origin and lose a mixed one.
  Text with(String computed) {
    return of(computed, origin()).markedLike(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Text text && text.chars.equals(chars);
  }

  @Override
  public int hashCode() {
    return chars.hashCode();
  }

  @Override
  public String toString() {
    return chars;
  }
}
