package dev.luthier.platform.graders;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The longest sequence that two others have in common, with gaps.
final class CommonSubsequence {
  private CommonSubsequence() {}

  /// Twice its length over both lengths, which is rapidfuzz's `fuzz.ratio` over 100; 1 for two
  /// empty sequences.
  static double ratio(int[] a, int[] b) {
    int both = a.length + b.length;
    return both == 0 ? 1 : 2.0 * length(a, b) / both;
  }

  /// Its length, 64 places at a time (Hyyrö 2004): bit i of the row is 0 where taking in the i-th
  /// element of `a` made the sequence longer. Costs |a| |b| / 64.
  static int length(int[] a, int[] b) {
    int words = Math.ceilDiv(a.length, Long.SIZE);
    Map<Integer, long[]> places = new HashMap<>();
    for (int i = 0; i < a.length; i++) {
      places.computeIfAbsent(a[i], _ -> new long[words])[i / Long.SIZE] |= 1L << (i % Long.SIZE);
    }
    long[] row = new long[words];
    Arrays.fill(row, -1);
    long[] nowhere = new long[words];
    for (int element : b) {
      long[] here = places.getOrDefault(element, nowhere);
      long carry = 0;
      for (int w = 0; w < words; w++) {
        long matched = row[w] & here[w];
        long sum = row[w] + matched;
        long overflow = Long.compareUnsigned(sum, row[w]) < 0 ? 1 : 0;
        long carried = sum + carry;
        overflow |= Long.compareUnsigned(carried, sum) < 0 ? 1 : 0;
        row[w] = carried | (row[w] & ~matched);
        carry = overflow;
      }
    }
    int length = 0;
    for (int i = 0; i < a.length; i++) {
      length += (row[i / Long.SIZE] >>> (i % Long.SIZE) & 1) == 0 ? 1 : 0;
    }
    return length;
  }
}
