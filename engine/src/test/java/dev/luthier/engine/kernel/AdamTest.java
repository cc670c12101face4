package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final double RATE = 1e-3;

  @Test
  void tenStepsFollowTheFormula() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int count : new int[] {1, 15, 16, 100, 4096, 5003}) {
      String message = "seed " + seed + ", " + count;
      try (var memory = new Memory()) {
        var parameters = RandomRows.of(memory, random, DType.F32, 1, count, 1);
        var first = RandomRows.of(memory, random, DType.F32, 1, count, 0);
        var second = RandomRows.of(memory, random, DType.F32, 1, count, 0);
        var gradient = RandomRows.of(memory, random, DType.F32, 1, count, 1e-3);
        var p = new double[count];
        var m = new double[count];
        var v = new double[count];
        for (int i = 0; i < count; i++) {
          p[i] = parameters.before(0, i);
        }
        for (int step = 1; step <= 10; step++) {
          for (int i = 0; i < count; i++) {
            gradient.set(0, i, (float) (random.nextGaussian() * (i % 7 == 0 ? 0 : 1e-3)));
            double g = gradient.before(0, i) * 0.5f;
            m[i] = 0.9 * m[i] + 0.1 * g;
            v[i] = 0.999 * v[i] + 0.001 * g * g;
            double root = Math.sqrt(v[i] / (1 - Math.pow(0.999, step)));
            p[i] -= RATE / (1 - Math.pow(0.9, step)) * m[i] / (root + 1e-8);
          }
          Adam.update(
              parameters.address,
              first.address,
              second.address,
              gradient.address,
              count,
              step,
              RATE,
              0.5f);
        }
        for (int i = 0; i < count; i++) {
          first.assertNear(m[i], 0, i, 1e-6, 1e-10, message);
          second.assertNear(v[i], 0, i, 1e-5, 0, message);
          parameters.assertNear(p[i], 0, i, 1e-6, 1e-6, message);
          assertEquals(gradient.before(0, i), gradient.get(0, i), message);
        }
        parameters.assertGapsUntouched(message);
        first.assertGapsUntouched(message);
        second.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void whatIsTooSmallToMoveAnythingEndsAsZero() {
    try (var memory = new Memory()) {
      int count = 35;
      var parameters = RandomRows.of(memory, new Random(1), DType.F32, 1, count, 1);
      var first = RandomRows.of(memory, new Random(2), DType.F32, 1, count, 1e-31);
      var second = RandomRows.of(memory, new Random(3), DType.F32, 1, count, 0);
      var gradient = RandomRows.of(memory, new Random(4), DType.F32, 1, count, 1e-25);
      Adam.update(
          parameters.address, first.address, second.address, gradient.address, count, 9, RATE, 1);
      for (int i = 0; i < count; i++) {
        assertEquals(0, first.get(0, i), 0.0);
        assertEquals(0, second.get(0, i), 0.0);
        assertEquals(parameters.before(0, i), parameters.get(0, i));
      }
    }
  }
}
