package dev.luthier.platform.graders;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Measures that count the runs of words which two texts share.
final class WordOverlap {
  private static final int ORDER_MAX = 4;

  private WordOverlap() {}

  /// BLEU of one sentence (Papineni et al. 2002): the geometric mean of the shares of runs of 1 to
  /// 4 words that the reference has too, times the brevity penalty. Runs of 2 and more are counted
  /// one better in both numbers (Lin and Och 2004), or a short answer hardly ever had a value; runs
  /// longer than the answer are left out; without a single word in common it is 0.
  static double bleu(List<String> said, List<String> wanted) {
    if (said.isEmpty() || wanted.isEmpty()) {
      return said.equals(wanted) ? 1 : 0;
    }
    int orders = Math.min(ORDER_MAX, said.size());
    double logs = 0;
    for (int order = 1; order <= orders; order++) {
      int smooth = order == 1 ? 0 : 1;
      double shared = shared(runs(said, order), runs(wanted, order)) + smooth;
      if (shared == 0) {
        return 0;
      }
      logs += Math.log(shared / (said.size() - order + 1 + smooth)) / orders;
    }
    double brevity =
        said.size() > wanted.size() ? 1 : Math.exp(1 - (double) wanted.size() / said.size());
    return Math.min(1, brevity * Math.exp(logs));
  }

  /// GLEU of one sentence (Wu et al. 2016): runs of 1 to 4 words that both have, over those of the
  /// text that has more.
  static double gleu(List<String> said, List<String> wanted) {
    int shared = 0;
    int saidTotal = 0;
    int wantedTotal = 0;
    for (int order = 1; order <= ORDER_MAX; order++) {
      shared += shared(runs(said, order), runs(wanted, order));
      saidTotal += Math.max(0, said.size() - order + 1);
      wantedTotal += Math.max(0, wanted.size() - order + 1);
    }
    int most = Math.max(saidTotal, wantedTotal);
    return most == 0 ? 1 : (double) shared / most;
  }

  /// ROUGE-N (Lin 2004): harmonic mean of precision and recall of runs of `order` words.
  static double rouge(List<String> said, List<String> wanted, int order) {
    int shared = shared(runs(said, order), runs(wanted, order));
    return harmonic(shared, said.size() - order + 1, wanted.size() - order + 1);
  }

  /// ROUGE-L (Lin 2004): the same of the longest common subsequence of words.
  static double rougeL(List<String> said, List<String> wanted) {
    Map<String, Integer> ids = new HashMap<>();
    int shared = CommonSubsequence.length(ids(said, ids), ids(wanted, ids));
    return harmonic(shared, said.size(), wanted.size());
  }

  private static double harmonic(int shared, int said, int wanted) {
    return shared == 0 ? 0 : 2.0 * shared / (said + wanted);
  }

  private static int[] ids(List<String> words, Map<String, Integer> ids) {
    int[] numbers = new int[words.size()];
    for (int i = 0; i < numbers.length; i++) {
      Integer known = ids.putIfAbsent(words.get(i), ids.size());
      numbers[i] = known == null ? ids.size() - 1 : known;
    }
    return numbers;
  }

  private static int shared(Map<List<String>, Integer> said, Map<List<String>, Integer> wanted) {
    int shared = 0;
    for (var run : said.entrySet()) {
      shared += Math.min(run.getValue(), wanted.getOrDefault(run.getKey(), 0));
    }
    return shared;
  }

  private static Map<List<String>, Integer> runs(List<String> words, int order) {
    Map<List<String>, Integer> runs = new HashMap<>();
    for (int i = 0; i + order <= words.size(); i++) {
      runs.merge(words.subList(i, i + order), 1, Integer::sum);
    }
    return runs;
  }
}
