package dev.luthier.engine.infer;

import dev.luthier.engine.tensor.CounterRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Draws the next token from a row of logits, as OpenAI's API describes its settings.
///
/// Order: logprobs are taken from the logits as they are; then bias and penalties change them; then
/// temperature; then the smallest set of most likely tokens that reaches topP is kept. Equal
/// numbers are ordered by id. What a constraint forbids is taken out after bias and penalties.
final class Sampler {
  private final SamplingSettings settings;
  private final CounterRandom random;
  private float[] weights = {};
  private double[] sums = {};

  Sampler(SamplingSettings settings) {
    this.settings = settings;
    this.random = new CounterRandom(settings.seed());
  }

  /// As the longer one, where any token may come.
  GeneratedToken sample(float[] logits, Map<Integer, Integer> counts, int draw) {
    return sample(logits, counts, draw, Optional.empty());
  }

  /// @param logits [V], left as they are
  /// @param counts how often each token was generated before
  /// @param draw which random number of the seed's sequence to use
  /// @param constraint says which tokens may come
  GeneratedToken sample(
      float[] logits,
      Map<Integer, Integer> counts,
      int draw,
      Optional<TokenConstraint> constraint) {
    int top = settings.topLogprobs();
    float logSum = top < 0 ? Float.NaN : Logits.logSumExp(logits);
    List<TokenLogprob> best = top > 0 ? best(logits, top, logSum) : List.of();
    float[] free = changed(logits, counts);
    float[] changed = constraint.map(each -> allowed(free, each.allowed())).orElse(free);
    int id = settings.temperature() == 0 ? Logits.indexOfLargest(changed) : drawn(changed, draw);
    return new GeneratedToken(id, logits[id] - logSum, best);
  }

  private float[] changed(float[] logits, Map<Integer, Integer> counts) {
    boolean penalised =
        !counts.isEmpty() && (settings.frequencyPenalty() != 0 || settings.presencePenalty() != 0);
    if (!penalised && settings.logitBias().isEmpty()) {
      return logits;
    }
    float[] changed = logits.clone();
    settings.logitBias().forEach((id, bias) -> changed[id] += bias);
    if (penalised) {
      counts.forEach((id, count) ->
          changed[id] -=
              (float) (settings.presencePenalty() + count * settings.frequencyPenalty()));
    }
    return changed;
  }

  private static float[] allowed(float[] logits, long[] tokens) {
    float[] allowed = new float[logits.length];
    Arrays.fill(allowed, Float.NEGATIVE_INFINITY);
    int count = 0;
    for (int word = 0; word < tokens.length; word++) {
      for (long rest = tokens[word]; rest != 0; rest &= rest - 1) {
        int id = word * Long.SIZE + Long.numberOfTrailingZeros(rest);
        if (id < logits.length) {
          allowed[id] = logits[id];
          count++;
        }
      }
    }
    if (count == 0) {
      throw new IllegalStateException("no token of the model continues the form of the answer");
    }
    return allowed;
  }

  private int drawn(float[] logits, int draw) {
    if (weights.length != logits.length) {
      weights = new float[logits.length];
      sums = new double[(logits.length + Logits.BLOCK - 1) / Logits.BLOCK];
    }
    Logits.weigh(logits, settings.temperature(), weights, sums);
    double uniform = random.uniform(draw);
    double total = Arrays.stream(sums).sum();
    return settings.topP() < 1
        ? drawnFromNucleus(uniform, settings.topP() * total)
        : drawnFromAll(uniform * total);
  }

  /// The token in whose part of the sum of all weights, ordered by id, `place` lies.
  private int drawnFromAll(double place) {
    double rest = place;
    int block = 0;
    while (block < sums.length - 1 && rest >= sums[block]) {
      rest -= sums[block++];
    }
    for (int id = block * Logits.BLOCK; id < weights.length; id++) {
      rest -= weights[id];
      if (rest < 0) {
        return id;
      }
    }
    return Logits.indexOfLargest(weights); // Only rounding of the last subtraction leads here.
  }

  /// @param least what the weights of the kept tokens reach together
  private int drawnFromNucleus(double uniform, double least) {
    int[] ordered = mostLikely(least);
    double reached = 0;
    int kept = 0;
    while (kept < ordered.length && (kept == 0 || reached < least)) {
      reached += weights[ordered[kept++]];
    }
    double rest = uniform * reached;
    for (int i = 0; i < kept; i++) {
      rest -= weights[ordered[i]];
      if (rest < 0) {
        return ordered[i];
      }
    }
    return ordered[0];
  }

  /// Ids, most likely first, of so many tokens that their weights reach `least`. Almost always a
  /// few hundred tokens hold nearly everything, so only those above a threshold are sorted, and all
  /// only when these do not reach. The largest weight is 1.
  private int[] mostLikely(double least) {
    int[] likely = sortedAbove(weights, 1f / 1024);
    double reached = Arrays.stream(likely).mapToDouble(id -> weights[id]).sum();
    return reached >= least ? likely : sortedAbove(weights, -1);
  }

  private static int[] sortedAbove(float[] weights, float threshold) {
    int count = 0;
    for (float weight : weights) {
      count += weight > threshold ? 1 : 0;
    }
    // Sorted as numbers: weights are not negative, so their bits order like them; the id breaks
    // ties.
    long[] keys = new long[count];
    count = 0;
    for (int id = 0; id < weights.length; id++) {
      if (weights[id] > threshold) {
        keys[count++] = ((long) ~Float.floatToRawIntBits(weights[id]) << 32) | id;
      }
    }
    Arrays.sort(keys, 0, count);
    int[] ids = new int[count];
    for (int i = 0; i < count; i++) {
      ids[i] = (int) keys[i];
    }
    return ids;
  }

  /// The `count` largest logits as logprobs, best first, by insertion into a short list.
  private static List<TokenLogprob> best(float[] logits, int count, float logSum) {
    int[] ids =
        new int[Math.min(count, logits.length) + 1]; // One place more, for the one that falls out.
    int size = 0;
    for (int id = 0; id < logits.length; id++) {
      if (size < ids.length - 1 || logits[id] > logits[ids[size - 1]]) {
        int at = size;
        for (; at > 0 && logits[ids[at - 1]] < logits[id]; at--) {
          ids[at] = ids[at - 1];
        }
        ids[at] = id;
        size = Math.min(size + 1, ids.length - 1);
      }
    }
    return Arrays.stream(ids, 0, size)
        .mapToObj(id -> new TokenLogprob(id, logits[id] - logSum))
        .toList();
  }
}
