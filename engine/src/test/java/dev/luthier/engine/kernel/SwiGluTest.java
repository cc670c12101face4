package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SwiGluTest {
  private static final int[] LENGTHS = {1, 31, 32, 33, 64, 100, 1536};
  private static final int ROWS = 5; // Longer than the narrowest tiles are wide.
  private static final double ONE_ROUNDING = 0x1.02p-8;

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  @Test
  void forwardIsSiluOfTheGateTimesUp() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var gate = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 5);
        var up = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 2);
        SwiGlu.forward( // In place of up.
            up.strided(), gate.strided(), up.strided(), ROWS, columns);
        for (int row = 0; row < ROWS; row++) {
          for (int i = 0; i < columns; i++) {
            double e = gate.before(row, i);
            up.assertNear(e * sigmoid(e) * up.before(row, i), row, i, ONE_ROUNDING, 0, message);
          }
        }
        up.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void backwardOverwritesItsInputs() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var dh = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var gate = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 5);
        var up = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 2);
        SwiGlu.backward( // h over dh, dGate over gate, dUp over up.
            dh.strided(),
            gate.strided(),
            up.strided(),
            dh.strided(),
            gate.strided(),
            up.strided(),
            ROWS,
            columns);
        for (int row = 0; row < ROWS; row++) {
          for (int i = 0; i < columns; i++) {
            double d = dh.before(row, i);
            double e = gate.before(row, i);
            double g = up.before(row, i);
            double s = sigmoid(e);
            dh.assertNear(e * s * g, row, i, ONE_ROUNDING, 0, message + ", h");
            up.assertNear(d * e * s, row, i, ONE_ROUNDING, 0, message + ", dUp");
            double dGate = d * g * s * (1 + e * (1 - s));
            gate.assertNear(dGate, row, i, ONE_ROUNDING, 1e-6 * (1 + Math.abs(d * g)), message);
          }
        }
        dh.assertGapsUntouched(message);
        gate.assertGapsUntouched(message);
        up.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void gatesFarOutAreShutOrOpenAndNaNStaysNaN() {
    try (var memory = new Memory()) {
      var gate = RandomRows.of(memory, new Random(1), DType.BF16, 1, 33, 1);
      var up = RandomRows.of(memory, new Random(2), DType.BF16, 1, 33, 1);
      var h = RandomRows.of(memory, new Random(2), DType.BF16, 1, 33, 1);
      float[] far = {1000, -1000, 3e38f, -3e38f, Float.NaN, 0, -0f, 88, -88};
      for (int i = 0; i < 33; i++) {
        gate.set(0, i, far[i % far.length]);
        up.set(0, i, 1);
      }
      SwiGlu.forward(h.strided(), gate.strided(), up.strided(), 1, 33);
      for (int i = 0; i < 33; i++) {
        float e = far[i % far.length];
        if (Float.isNaN(e)) {
          assertTrue(Float.isNaN(h.get(0, i)), "NaN at " + i);
        } else {
          double open = Math.max(e, 0);
          double margin = open * ONE_ROUNDING + 2e-38 * Math.abs(e) + 1e-34;
          assertEquals(open, h.get(0, i), margin, "gate " + e);
        }
      }
    }
  }
}
