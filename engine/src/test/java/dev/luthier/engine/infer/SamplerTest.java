package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final float[] LOGITS = {1f, 3f, 2f, 2.5f, -1f};

  private static SamplingSettings settings(
      double temperature,
      double topP,
      double frequency,
      double presence,
      Map<Integer, Float> bias,
      int top) {
    return new SamplingSettings(temperature, topP, 7, frequency, presence, bias, top);
  }

  private static GeneratedToken sample(
      SamplingSettings settings, float[] logits, Map<Integer, Integer> counts, int draw) {
    return new Sampler(settings).sample(logits, counts, draw);
  }

  private static double softmax(float[] logits, int id, double temperature) {
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit / temperature);
    }
    return Math.exp(logits[id] / temperature) / sum;
  }

  @Test
  void whatAConstraintForbidsIsNeverDrawn() {
    var settings = settings(2, 0.99, 0, 0, Map.of(1, 100f), 0);
    TokenConstraint constraint = only(1L << 0 | 1L << 4);
    Set<Integer> drawn = new HashSet<>();
    for (int draw = 0; draw < 500; draw++) {
      var token = new Sampler(settings).sample(LOGITS, Map.of(), draw, Optional.of(constraint));
      drawn.add(token.id());
      assertEquals(
          Math.log(softmax(LOGITS, token.id(), 1)), token.logprob(), 1e-5, "as if it were free");
    }
    assertEquals(Set.of(0, 4), drawn);
    var greedy = new Sampler(SamplingSettings.greedy());
    assertEquals(3, greedy.sample(LOGITS, Map.of(), 0, Optional.of(only(0b11101))).id());
    assertThrows(
        IllegalStateException.class,
        () -> greedy.sample(LOGITS, Map.of(), 0, Optional.of(only(1L << 40))));
  }

  private static TokenConstraint only(long tokens) {
    return new TokenConstraint() {
      @Override
      public long[] allowed() {
        return new long[] {tokens};
      }

      @Override
      public void accept(int id) {}
    };
  }

  @Test
  void drawsFollowTheProbabilitiesAtTheTemperature() {
    int draws = 5_000;
    for (double temperature : new double[] {0.5, 1, 2}) {
      int[] hits = new int[LOGITS.length];
      for (int draw = 0; draw < draws; draw++) {
        hits[sample(settings(temperature, 1, 0, 0, Map.of(), -1), LOGITS, Map.of(), draw).id()]++;
      }
      for (int id = 0; id < LOGITS.length; id++) {
        double expected = softmax(LOGITS, id, temperature);
        double deviation = Math.sqrt(expected * (1 - expected) / draws);
        assertEquals(
            expected,
            hits[id] / (double) draws,
            5 * deviation,
            "token " + id + " at " + temperature);
      }
    }
  }

  @Test
  void topPKeepsTheSmallestSetThatReachesIt() {
    // Probabilities 0.51, 0.31, 0.19 (rounded) for tokens 1, 3, 2 and little for the rest.
    assertEquals(Set.of(1), drawn(0.0));
    assertEquals(Set.of(1), drawn(0.4));
    assertEquals(Set.of(1, 3), drawn(0.7));
    assertEquals(Set.of(1, 3, 2), drawn(0.9));
    assertEquals(Set.of(0, 1, 2, 3, 4), drawn(1.0));
  }

  private static Set<Integer> drawn(double topP) {
    Set<Integer> drawn = new HashSet<>();
    for (int draw = 0; draw < 2000; draw++) {
      drawn.add(sample(settings(1, topP, 0, 0, Map.of(), -1), LOGITS, Map.of(), draw).id());
    }
    return drawn;
  }

  @Test
  void aNucleusBeyondTheLikelyTokensReachesIntoTheTail() {
    float[] flatTail = new float[4000];
    flatTail[17] = 9; // exp(9) = 8103 against 3999 times 1: two thirds of the probability.
    Set<Integer> drawn = new HashSet<>();
    for (int draw = 0; draw < 200; draw++) {
      drawn.add(sample(settings(1, 0.9, 0, 0, Map.of(), -1), flatTail, Map.of(), draw).id());
    }
    assertTrue(drawn.size() > 20, drawn.size() + " different tokens");
    assertTrue(drawn.contains(17));
  }

  @Test
  void logprobsAreThoseOfTheModelWhateverIsDrawn() {
    SamplingSettings all = settings(0.7, 0.5, 1, 1, Map.of(4, 50f), 20);
    GeneratedToken token = sample(all, LOGITS, Map.of(1, 3), 0);
    assertEquals(4, token.id());
    assertEquals(Math.log(softmax(LOGITS, 4, 1)), token.logprob(), 1e-5);
    assertEquals(List.of(1, 3, 2, 0, 4), token.top().stream().map(TokenLogprob::id).toList());
    double sum = token.top().stream().mapToDouble(entry -> Math.exp(entry.logprob())).sum();
    assertEquals(1, sum, 1e-5);
  }

  @Test
  void topLogprobsAreTheLargestInOrder() {
    float[] logits = new float[1000];
    Random random = new Random(3);
    for (int i = 0; i < logits.length; i++) {
      logits[i] = (float) random.nextGaussian();
    }
    List<TokenLogprob> top = sample(settings(0, 1, 0, 0, Map.of(), 5), logits, Map.of(), 0).top();
    List<Integer> expected =
        java.util.stream.IntStream.range(0, 1000)
            .boxed()
            .sorted((a, b) -> Float.compare(logits[b], logits[a]))
            .limit(5)
            .toList();
    assertEquals(expected, top.stream().map(TokenLogprob::id).toList());
    GeneratedToken none = sample(settings(0, 1, 0, 0, Map.of(), -1), logits, Map.of(), 0);
    assertTrue(Float.isNaN(none.logprob()) && none.top().isEmpty());
    assertTrue(sample(settings(0, 1, 0, 0, Map.of(), 0), logits, Map.of(), 0).logprob() < 0);
  }

  @Test
  void biasForcesAndForbids() {
    assertEquals(4, sample(settings(0, 1, 0, 0, Map.of(4, 100f), -1), LOGITS, Map.of(), 0).id());
    assertEquals(3, sample(settings(0, 1, 0, 0, Map.of(1, -100f), -1), LOGITS, Map.of(), 0).id());
  }

  @Test
  void penaltiesFollowOpenAisFormula() {
    // Token 1 leads token 3 by 0.5: presence takes its amount once, frequency for each time.
    assertEquals(1, sample(settings(0, 1, 0, 0.4, Map.of(), -1), LOGITS, Map.of(1, 5), 0).id());
    assertEquals(3, sample(settings(0, 1, 0, 0.6, Map.of(), -1), LOGITS, Map.of(1, 1), 0).id());
    assertEquals(1, sample(settings(0, 1, 0.2, 0, Map.of(), -1), LOGITS, Map.of(1, 2), 0).id());
    assertEquals(3, sample(settings(0, 1, 0.2, 0, Map.of(), -1), LOGITS, Map.of(1, 3), 0).id());
    assertEquals(1, sample(settings(0, 1, 2, 2, Map.of(), -1), LOGITS, Map.of(3, 1), 0).id());
  }

  @Test
  void equalLogitsGoToTheSmallestIdAndATinyTemperatureOverflowsNothing() {
    assertEquals(
        1, sample(settings(0, 1, 0, 0, Map.of(), -1), new float[] {1, 2, 2}, Map.of(), 0).id());
    for (int draw = 0; draw < 50; draw++) {
      assertEquals(1, sample(settings(1e-6, 1, 0, 0, Map.of(), -1), LOGITS, Map.of(), draw).id());
    }
  }

  @Test
  void settingsOutOfRangeAreRefusedWithBothNumbers() {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> settings(2.5, 1, 0, 0, Map.of(), -1));
    assertEquals("temperature is 2.5; 0.0 to 2.0 are allowed", refusal.getMessage());
    assertThrows(IllegalArgumentException.class, () -> settings(Double.NaN, 1, 0, 0, Map.of(), -1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 1.5, 0, 0, Map.of(), -1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 1, 3, 0, Map.of(), -1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 1, 0, 0, Map.of(1, 101f), -1));
    assertThrows(IllegalArgumentException.class, () -> settings(1, 1, 0, 0, Map.of(), 21));
  }
}
