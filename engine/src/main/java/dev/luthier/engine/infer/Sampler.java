package dev.luthier.engine.infer;

import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Draws the next token from a row of logits, as OpenAI's API describes its settings.
///
/// Order: logprobs are taken from the logits as they are; then bias and penalties change them; then
/// temperature; then the smallest set of most likely tokens that reaches topP is kept. Equal
/// numbers are ordered by id.
final class Sampler {
  private final SamplingSettings settings;
  private final CounterRandom random;

  Sampler(SamplingSettings settings) {
    this.settings = settings;
    this.random = new CounterRandom(settings.seed());
  }

  /// @param row fp32 logits [V]
  /// @param counts how often each token was generated before
  /// @param draw which random number of the seed's sequence to use
  GeneratedToken sample(Tensor row, Map<Integer, Integer> counts, int draw) {
    try (Scope _ = Scope.open()) {
      float[] logits = row.toFloats();
      int top = settings.topLogprobs();
      float logSum = top < 0 ? Float.NaN : (float) row.logSumExp(0).item();
      List<TokenLogprob> best = top > 0 ? best(logits, top, logSum) : List.of();
      float[] changed = changed(logits, counts);
      int id = settings.temperature() == 0 ? largest(changed) : drawn(probabilities(changed), draw);
      return new GeneratedToken(id, logits[id] - logSum, best);
    }
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

  private static int largest(float[] values) {
    int largest = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[largest]) {
        largest = i;
      }
    }
    return largest;
  }

  /// softmax(logits / temperature). The largest is taken off first, so that a tiny temperature
  /// overflows nothing.
  private float[] probabilities(float[] logits) {
    float largest = logits[largest(logits)];
    return Tensor.of(logits, logits.length)
        .add(-largest)
        .mul(1 / settings.temperature())
        .softmax(0)
        .toFloats();
  }

  private int drawn(float[] probabilities, int draw) {
    double uniform = random.uniform(draw);
    if (settings.topP() < 1) {
      return drawnFromNucleus(probabilities, uniform);
    }
    double total = 0;
    for (float probability : probabilities) {
      total += probability;
    }
    double rest = uniform * total;
    for (int id = 0; id < probabilities.length; id++) {
      rest -= probabilities[id];
      if (rest < 0) {
        return id;
      }
    }
    return largest(probabilities); // Only rounding of the last subtraction leads here.
  }

  private int drawnFromNucleus(float[] probabilities, double uniform) {
    int[] ordered = mostLikely(probabilities, settings.topP());
    double reached = 0;
    int kept = 0;
    while (kept < ordered.length && (kept == 0 || reached < settings.topP())) {
      reached += probabilities[ordered[kept++]];
    }
    double rest = uniform * reached;
    for (int i = 0; i < kept; i++) {
      rest -= probabilities[ordered[i]];
      if (rest < 0) {
        return ordered[i];
      }
    }
    return ordered[0];
  }

  /// Ids, most likely first, of so many tokens that their probabilities reach `sum`. Almost always
  /// a few hundred tokens hold nearly everything, so only those above a threshold are sorted, and
  /// all only when these do not reach.
  private static int[] mostLikely(float[] probabilities, double sum) {
    float largest = probabilities[largest(probabilities)];
    int[] likely = sortedAbove(probabilities, largest / 1024);
    double reached = Arrays.stream(likely).mapToDouble(id -> probabilities[id]).sum();
    return reached >= sum ? likely : sortedAbove(probabilities, -1);
  }

  private static int[] sortedAbove(float[] probabilities, float threshold) {
    // Sorted as numbers: probabilities are not negative, so their bits order like them; the id
    // breaks ties.
    long[] keys = new long[probabilities.length];
    int count = 0;
    for (int id = 0; id < probabilities.length; id++) {
      if (probabilities[id] > threshold) {
        keys[count++] = ((long) ~Float.floatToRawIntBits(probabilities[id]) << 32) | id;
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
