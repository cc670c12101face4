package dev.luthier.platform.estimate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class EstimateTest {
  private static final Pace PACE = new Pace(4, 0.05, 0.001, 900_000_000, 900);

  private static JobPlan plan(int batch, int longest, long validationTokens) {
    int validationExamples = validationTokens == 0 ? 0 : 10;
    return new JobPlan(
        100, 10_000, 4_000, longest, 3, batch, validationExamples, validationTokens, 0);
  }

  @Test
  void stepsTokensAndTimeAreThoseOfAllEpochs() {
    Estimate estimate = Estimate.of(plan(8, 200, 0), PACE);
    assertEquals(3 * 13, estimate.steps());
    assertEquals(30_000, estimate.tokens());
    assertEquals(12_000, estimate.trainedTokens());
    assertEquals(4 + 39 * 0.05 + 30 + 3 * 0.15, estimate.seconds(), 1e-9);
  }

  @Test
  void validationCostsAThirdOfTrainingItsTokens() {
    double without = Estimate.of(plan(1, 200, 0), PACE).seconds();
    double with = Estimate.of(plan(1, 200, 1_000), PACE).seconds();
    // The file after each of three epochs, and a row of 100 tokens after each tenth of 300 steps.
    assertEquals((3_000 + 30 * 100) * 0.001 / 3, with - without, 1e-9);
  }

  @Test
  void whatIsReadOnceBeforeTheFirstStepCostsAThirdToo() {
    var weighed = new JobPlan(100, 10_000, 4_000, 200, 3, 8, 0, 0, 12_000);
    assertEquals(
        4,
        Estimate.of(weighed, PACE).seconds() - Estimate.of(plan(8, 200, 0), PACE).seconds(),
        1e-9);
  }

  @Test
  void memoryGrowsWithTheLargestPackNotWithTheFile() {
    long small = Estimate.of(plan(1, 200, 0), PACE).peakBytes();
    long batched = Estimate.of(plan(64, 200, 0), PACE).peakBytes();
    long far = Estimate.of(plan(1, 4_000, 0), PACE).peakBytes();
    assertTrue(small < batched && batched < far, small + ", " + batched + ", " + far);
    assertEquals(Estimate.of(plan(32, 200, 0), PACE).peakBytes(), batched);
    assertEquals(PACE.peakBytes(), Estimate.of(plan(1, 900, 0), PACE).peakBytes());
  }

  @Test
  void whatIsOnlyLookedAtIsPackedWhateverTheBatch() {
    long alone = Estimate.of(plan(1, 200, 0), PACE).peakBytes();
    long validated = Estimate.of(plan(1, 200, 700), PACE).peakBytes();
    assertEquals(500 * Estimate.BYTES_PER_TOKEN, validated - alone);
    var weighed = new JobPlan(100, 10_000, 4_000, 200, 3, 1, 0, 0, 12_000);
    long preferred = Estimate.of(weighed, PACE).peakBytes();
    assertEquals((1024 - 200) * Estimate.BYTES_PER_TOKEN, preferred - alone);
  }

  @Test
  void answersThatAreDrawnAreLearntFromAndNeverCountShort() {
    var drawing = new DrawingPace(2, 0.001, 0.004, 500_000_000);
    var prompts = new JobPlan(10, 1_000, 0, 150, 2, 5, 4, 400, 0);
    Estimate estimate = Estimate.of(prompts, new DrawingPlan(8, 2, 1, 256), PACE, drawing);
    assertEquals(4, estimate.steps());
    assertEquals(160, estimate.answers());
    assertEquals(160 * 256, estimate.trainedTokens());
    long tokens = 160 * 256 + 16 * 1_000;
    assertEquals(tokens, estimate.tokens());
    assertTrue(estimate.atMost());
    // Two looks between and two at ends of epochs, at four prompts of 100 tokens.
    double expected =
        4
            + 2
            + 4 * 0.05
            + tokens * 0.001 * 4 / 3
            + (16_000 + 4 * 400) * 0.001
            + (160 + 4 * 4) * 256 * 0.004
            + 2 * 0.15;
    assertEquals(expected, estimate.seconds(), 1e-9);
    long pack = 1024; // Of 40 answers to as many prompts as a step has.
    assertEquals(PACE.peakBytes() + 360_000 * (pack - 900) + 500_000_000, estimate.peakBytes());
  }

  @Test
  void aPlanOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new JobPlan(0, 0, 0, 0, 1, 1, 0, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Pace(1, 1, 0, 1, 1));
  }
}
