package dev.luthier.text.template;

import java.util.Arrays;

/// Collects characters with their origins and pays for them.
final class TextBuilder {
  private final Fuel fuel;
  private final StringBuilder chars = new StringBuilder();
  private int[] ends = new int[4];
  private int[] origins = new int[4];
  private int runs;

  TextBuilder(Fuel fuel) {
    this.fuel = fuel;
  }

  int length() {
    return chars.length();
  }

  TextBuilder append(String added, int origin) {
    if (!added.isEmpty()) {
      pay(added.length());
      chars.append(added);
      close(origin);
    }
    return this;
  }

  TextBuilder append(Text text) {
    return append(text, 0, text.length());
  }

  TextBuilder append(Text text, int from, int to) {
    if (from >= to) {
      return this;
    }
    pay(to - from);
    int at = from;
    for (int run = text.runAt(from); at < to; run++) {
      int end = Math.min(text.runEnd(run), to);
      chars.append(text.chars(), at, end);
      close(text.runOrigin(run));
      at = end;
    }
    return this;
  }

  Text build() {
    return chars.isEmpty()
        ? Text.EMPTY
        : new Text(chars.toString(), Arrays.copyOf(ends, runs), Arrays.copyOf(origins, runs));
  }

  /// Like [#build], but punctuation around text of one foreign origin takes that origin too.
  Text buildTainted() {
    int foreign = Text.TEMPLATE;
    for (int r = 0; r < runs; r++) {
      if (origins[r] != Text.TEMPLATE && foreign != Text.TEMPLATE && origins[r] != foreign) {
        return build();
      }
      foreign = Text.mix(foreign, origins[r]);
    }
    return Text.of(chars.toString(), foreign);
  }

  private void pay(int added) {
    fuel.length((long) chars.length() + added);
    fuel.characters(added);
  }

  private void close(int origin) {
    if (runs > 0 && origins[runs - 1] == origin) {
      ends[runs - 1] = chars.length();
      return;
    }
    if (runs == ends.length) {
      ends = Arrays.copyOf(ends, runs * 2);
      origins = Arrays.copyOf(origins, runs * 2);
    }
    ends[runs] = chars.length();
    origins[runs++] = origin;
  }
}
