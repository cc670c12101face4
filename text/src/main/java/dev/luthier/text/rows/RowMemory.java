package dev.luthier.text.rows;

import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/// Which rows have been seen, in memory that does not grow with a file past a limit: 24 MB for the
/// prints of a million rows, 34 MB for the sketches of a quarter of a million. Rows beyond that are
/// compared with those and not kept. Belongs to one thread at a time.
///
/// Likeness is found by bands: two rows meet when one of the eight words of their sketches is the
/// same, and are then compared whole. Rows 90 % alike meet in 99 of 100 cases.
public final class RowMemory {
  /// From this share of equal runs of words on, rows are called alike.
  static final double ALIKE = 0.85;

  private static final int PRINTS_MAX = 1 << 20;
  private static final int SKETCHES_MAX = 1 << 18;
  private static final int WORDS = RowPrint.FUNCTIONS / Long.BYTES;
  private static final long SEVEN = 0x7F7F7F7F7F7F7F7FL;

  private long[] prints = new long[1 << 10];
  private int[] printLines = new int[1 << 10];
  private int printCount;
  private long[] sketches = new long[WORDS << 8];
  private int[] sketchLines = new int[1 << 8];
  private int sketchCount;
  private int[][] bands = new int[WORDS][1 << 9];

  /// A row seen before.
  ///
  /// @param line where
  /// @param percent how much of the two is the same; 100 if all of it is
  record Seen(int line, int percent) {}

  /// The line of the very same row.
  OptionalInt same(RowPrint print) {
    int slot = slot(prints, printLines, print.exact());
    return printLines[slot] == 0 ? OptionalInt.empty() : OptionalInt.of(printLines[slot]);
  }

  private static int slot(long[] prints, int[] lines, long print) {
    int slot = (int) RowPrint.mixed(print) & (prints.length - 1);
    while (lines[slot] != 0 && prints[slot] != print) {
      slot = (slot + 1) & (prints.length - 1);
    }
    return slot;
  }

  /// The row most like it among those that it meets.
  Optional<Seen> like(RowPrint print) {
    if (print.sketch().isEmpty()) {
      return Optional.empty();
    }
    long[] sketch = print.sketch().get();
    int best = -1;
    double most = ALIKE;
    for (int band = 0; band < WORDS; band++) {
      int met = bands[band][bandSlot(band, sketch[band])] - 1;
      double alike = met < 0 || met == best ? 0 : alike(sketch, met);
      if (alike >= most) {
        best = met;
        most = alike;
      }
    }
    return best < 0
        ? Optional.empty()
        : Optional.of(new Seen(sketchLines[best], (int) Math.round(100 * most)));
  }

  /// Equal bytes, less those that are equal by chance.
  private double alike(long[] sketch, int other) {
    int equal = 0;
    for (int w = 0; w < WORDS; w++) {
      long x = sketch[w] ^ sketches[other * WORDS + w];
      long nonZero = (((x & SEVEN) + SEVEN) | x) & ~SEVEN;
      equal += Long.BYTES - Long.bitCount(nonZero);
    }
    double share = (double) equal / RowPrint.FUNCTIONS;
    return (share - 1.0 / 256) / (1 - 1.0 / 256);
  }

  private int bandSlot(int band, long word) {
    int[] table = bands[band];
    int slot = (int) RowPrint.mixed(word) & (table.length - 1);
    while (table[slot] != 0 && sketches[(table[slot] - 1) * WORDS + band] != word) {
      slot = (slot + 1) & (table.length - 1);
    }
    return slot;
  }

  /// Remembers a row.
  void add(RowPrint print, int line) {
    addPrint(print.exact(), line);
    print.sketch().ifPresent(sketch -> addSketch(sketch, line));
  }

  private void addPrint(long print, int line) {
    if (printCount == PRINTS_MAX) {
      return;
    }
    if (2 * printCount == prints.length) {
      long[] grown = new long[2 * prints.length];
      int[] grownLines = new int[2 * prints.length];
      for (int p = 0; p < prints.length; p++) {
        if (printLines[p] != 0) {
          int slot = slot(grown, grownLines, prints[p]);
          grown[slot] = prints[p];
          grownLines[slot] = printLines[p];
        }
      }
      prints = grown;
      printLines = grownLines;
    }
    int slot = slot(prints, printLines, print);
    if (printLines[slot] == 0) {
      prints[slot] = print;
      printLines[slot] = line;
      printCount++;
    }
  }

  private void addSketch(long[] sketch, int line) {
    if (sketchCount == SKETCHES_MAX) {
      return;
    }
    if (sketchCount == sketchLines.length) {
      sketches = Arrays.copyOf(sketches, 2 * sketches.length);
      sketchLines = Arrays.copyOf(sketchLines, 2 * sketchLines.length);
      bands = new int[WORDS][4 * sketchCount];
      for (int s = 0; s < sketchCount; s++) {
        enter(s);
      }
    }
    System.arraycopy(sketch, 0, sketches, sketchCount * WORDS, WORDS);
    sketchLines[sketchCount] = line;
    enter(sketchCount++);
  }

  private void enter(int sketch) {
    for (int band = 0; band < WORDS; band++) {
      int slot = bandSlot(band, sketches[sketch * WORDS + band]);
      if (bands[band][slot] == 0) {
        bands[band][slot] = sketch + 1;
      }
    }
  }
}
