package dev.luthier.platform.data;

import dev.luthier.text.rows.RowLength;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// How long the rows of a file are, in tokens before any is cut off. Counted by many threads; one
/// whose rows are longer than [#LONGEST] counts them as that long.
final class RowLengths {
  static final int LONGEST = 1 << 17;
  private static final int BARS_MAX = 40;

  private final AtomicIntegerArray rows = new AtomicIntegerArray(LONGEST + 1);

  RowLength count(RowLength length) {
    rows.incrementAndGet(Math.min(length.tokens() + length.tokensLost(), LONGEST));
    return length;
  }

  /// Empty when no row was counted.
  Optional<DataReport.Lengths> histogram(int contextLength) {
    int longest = LONGEST;
    while (longest > 0 && rows.get(longest) == 0) {
      longest--;
    }
    if (longest == 0) {
      return Optional.empty();
    }
    int width = width(longest);
    List<Integer> bars = new ArrayList<>();
    long all = 0;
    for (int from = 0; from <= longest; from += width) {
      int bar = 0;
      for (int length = from; length < Math.min(from + width, LONGEST + 1); length++) {
        bar += rows.get(length);
      }
      bars.add(bar);
      all += bar;
    }
    return Optional.of(
        new DataReport.Lengths(width, bars, shortest(), middle(all), longest, contextLength));
  }

  /// The least of 1, 2, 5, 10, 20, 50, … that makes few enough bars.
  private static int width(int longest) {
    for (int unit = 1; ; unit *= 10) {
      for (int factor : new int[] {1, 2, 5}) {
        if (longest / (unit * factor) < BARS_MAX) {
          return unit * factor;
        }
      }
    }
  }

  private int shortest() {
    int shortest = 0;
    while (rows.get(shortest) == 0) {
      shortest++;
    }
    return shortest;
  }

  /// Half of the rows are not longer than that.
  private int middle(long all) {
    int middle = 0;
    for (long seen = rows.get(0); 2 * seen < all; seen += rows.get(middle)) {
      middle++;
    }
    return middle;
  }
}
