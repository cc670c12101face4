package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  private static final int[] LENGTHS = {2, 31, 32, 63, 100, 2048, 4099};
  private static final int ROWS = 3;
  private static final float FACTOR = 0.37f;
  private static final double ONE_ROUNDING = 0x1.02p-8;

  /// Rows of logits and what the kernels made of them.
  private record Case(
      RandomRows logits, RandomRows gradient, long targets, long sums, long losses, long argmaxes) {
    static Case of(Memory memory, Random random, int columns, double scale) {
      var logits = RandomRows.of(memory, random, DType.F32, ROWS, columns, scale);
      var gradient = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
      long targets = memory.allocate(4 * ROWS);
      for (int row = 0; row < ROWS; row++) {
        Lanes.putInt32(targets + 4L * row, row == 0 ? columns - 1 : random.nextInt(columns));
      }
      return new Case(
          logits,
          gradient,
          targets,
          memory.allocate(4 * ROWS),
          memory.allocate(4 * ROWS),
          memory.allocate(4 * ROWS));
    }

    void forward() {
      CrossEntropy.forward(
          sums, losses, argmaxes, logits.address, logits.stride, targets, ROWS, logits.columns);
    }

    void backward() {
      CrossEntropy.backward(
          gradient.address,
          gradient.stride,
          logits.address,
          logits.stride,
          sums,
          targets,
          ROWS,
          logits.columns,
          FACTOR);
    }

    int target(int row) {
      return Lanes.int32(targets + 4L * row);
    }
  }

  @Test
  void lossArgmaxAndGradientFollowTheFormulas() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var c = Case.of(memory, random, columns, 8);
        c.forward();
        c.backward();
        for (int row = 0; row < ROWS; row++) {
          double sum = 0;
          int best = 0;
          for (int i = 0; i < columns; i++) {
            sum += Math.exp(c.logits.before(row, i));
            best = c.logits.before(row, i) > c.logits.before(row, best) ? i : best;
          }
          double logSum = Math.log(sum);
          double loss = logSum - c.logits.before(row, c.target(row));
          assertEquals(
              logSum, Lanes.fp32(c.sums + 4L * row), 1e-6 * (1 + Math.abs(logSum)), message);
          assertEquals(
              loss, Lanes.fp32(c.losses + 4L * row), 4e-6 * (1 + Math.abs(logSum)), message);
          assertEquals(best, Lanes.int32(c.argmaxes + 4L * row), message);
          for (int i = 0; i < columns; i++) {
            double p = Math.exp(c.logits.before(row, i) - logSum);
            double expected = (i == c.target(row) ? p - 1 : p) * FACTOR;
            // The log-sum of 40 is known to 2e-6 in fp32, and so is each probability.
            c.gradient.assertNear(expected, row, i, ONE_ROUNDING + 4e-6, 4e-7, message);
          }
        }
        c.gradient.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void gradientMayOverlayTheLogits() {
    try (var memory = new Memory()) {
      var c = Case.of(memory, new Random(5), 1025, 8);
      c.forward();
      c.backward();
      CrossEntropy.backward(
          c.logits.address,
          2 * c.logits.stride,
          c.logits.address,
          c.logits.stride,
          c.sums,
          c.targets,
          ROWS,
          1025,
          FACTOR);
      for (int row = 0; row < ROWS; row++) {
        for (int i = 0; i < 1025; i++) {
          float overlaid = Lanes.bf16(c.logits.address + 4L * row * c.logits.stride + 2L * i);
          assertEquals(c.gradient.get(row, i), overlaid);
        }
      }
    }
  }

  @Test
  void tokensWithoutAnyChanceGetNoGradient() {
    try (var memory = new Memory()) {
      var c = Case.of(memory, new Random(6), 67, 1);
      float[] far = {Float.NEGATIVE_INFINITY, -3e38f, -200, -101};
      for (int i = 0; i < 66; i++) {
        c.logits.set(0, i, far[i % far.length]);
      }
      c.logits.set(0, 66, 0);
      c.forward();
      c.backward();
      assertEquals(0, Lanes.fp32(c.sums));
      assertEquals(0, Lanes.fp32(c.losses));
      assertEquals(66, Lanes.int32(c.argmaxes));
      for (int i = 0; i < 67; i++) {
        assertEquals(0, c.gradient.get(0, i), 0.0, "element " + i);
      }
    }
  }

  @Test
  void aNaNAmongTheLogitsIsNotHidden() {
    try (var memory = new Memory()) {
      for (int at : new int[] {0, 40, 66}) {
        var c = Case.of(memory, new Random(6), 67, 1);
        c.logits.set(1, at, Float.NaN);
        c.forward();
        c.backward();
        assertTrue(Float.isNaN(Lanes.fp32(c.sums + 4)), "log-sum");
        assertTrue(Float.isNaN(Lanes.fp32(c.losses + 4)), "loss");
        assertTrue(Float.isNaN(c.gradient.get(1, 12)), "gradient");
        assertTrue(Float.isNaN(c.gradient.get(1, c.target(1))), "gradient of the target");
        assertTrue(Float.isFinite(Lanes.fp32(c.losses)), "another row");
      }
    }
  }

  @Test
  void expIsRightToAFewLastPlaces() {
    double worst = 0;
    for (int i = -87_000; i < 88_000; i++) {
      float x = i / 1000f;
      worst = Math.max(worst, Math.abs(Exp.of(x) / Math.exp(x) - 1));
    }
    assertTrue(worst < 1e-7, "relative error " + worst);
  }
}
