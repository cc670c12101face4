package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Fp32RowsTest {
  private static final int[] LENGTHS = {1, 16, 63, 64, 100, 4096, 4097, 20_001};

  @Test
  void sumOfSquaresOfAnyLength() {
    long seed = System.nanoTime();
    for (int count : LENGTHS) {
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, new Random(seed), DType.F32, 1, count, 3);
        double expected = 0;
        for (int i = 0; i < count; i++) {
          expected += x.before(0, i) * x.before(0, i);
        }
        double sum = Fp32Rows.sumOfSquares(x.address, count);
        assertEquals(expected, sum, 1e-6 * expected, "seed " + seed + ", " + count);
      }
    }
  }

  @Test
  void scaledArraysAreAdded() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int count : LENGTHS) {
      String message = "seed " + seed + ", " + count;
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.F32, 1, count, 1);
        var narrow = RandomRows.of(memory, random, DType.BF16, 1, count, 1);
        var y = RandomRows.of(memory, random, DType.F32, 1, count, 1);
        var z = RandomRows.of(memory, random, DType.F32, 1, count, 1);
        Fp32Rows.addScaled(y.address, x.address, 0.7f, count);
        Fp32Rows.addScaledBf16(z.address, narrow.address, -1.3f, count);
        for (int i = 0; i < count; i++) {
          y.assertNear(y.before(0, i) + 0.7 * x.before(0, i), 0, i, 1e-7, 1e-7, message);
          z.assertNear(z.before(0, i) - 1.3 * narrow.before(0, i), 0, i, 1e-7, 2e-7, message);
        }
        y.assertGapsUntouched(message);
        z.assertGapsUntouched(message);
      }
    }
  }
}
