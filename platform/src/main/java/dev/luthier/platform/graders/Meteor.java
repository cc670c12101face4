package dev.luthier.platform.graders;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// METEOR (Banerjee and Lavie 2005) with the constants of its authors' later releases: words that
/// are the same, then words of the same stem. Synonyms, which take a dictionary of English, are not
/// looked for.
final class Meteor {
  private static final double ALPHA = 0.9;
  private static final double BETA = 3;
  private static final double GAMMA = 0.5;

  private Meteor() {}

  static double score(List<String> said, List<String> wanted) {
    int[] partner = new int[said.size()];
    Arrays.fill(partner, -1);
    boolean[] taken = new boolean[wanted.size()];
    match(said, wanted, partner, taken);
    match(stems(said), stems(wanted), partner, taken);
    int matches = 0;
    int chunks = 0;
    int last = -2;
    for (int i = 0; i < partner.length; i++) {
      if (partner[i] >= 0) {
        matches++;
        boolean goesOn = i > 0 && partner[i - 1] >= 0 && partner[i] == last + 1;
        chunks += goesOn ? 0 : 1;
        last = partner[i];
      }
    }
    if (matches == 0) {
      return 0;
    }
    double precision = (double) matches / said.size();
    double recall = (double) matches / wanted.size();
    double mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall);
    return mean * (1 - GAMMA * Math.pow((double) chunks / matches, BETA));
  }

  /// From the end on, each word takes the last one like it that is free.
  private static void match(
      List<String> said, List<String> wanted, int[] partner, boolean[] taken) {
    Map<String, ArrayDeque<Integer>> free = new HashMap<>();
    for (int j = 0; j < taken.length; j++) {
      if (!taken[j]) {
        free.computeIfAbsent(wanted.get(j), _ -> new ArrayDeque<>()).push(j);
      }
    }
    for (int i = partner.length - 1; i >= 0; i--) {
      ArrayDeque<Integer> places = free.getOrDefault(said.get(i), new ArrayDeque<>());
      if (partner[i] < 0 && !places.isEmpty()) {
        partner[i] = places.pop();
        taken[partner[i]] = true;
      }
    }
  }

  private static List<String> stems(List<String> words) {
    return words.stream().map(EnglishStem::of).toList();
  }
}
