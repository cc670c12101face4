package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NormTest {
  private static final int[] LENGTHS = {1, 31, 32, 33, 64, 96, 100, 576, 589};
  private static final int ROWS = 3;
  private static final float EPSILON = 1e-5f;

  /// Half a last place of bf16 is 2^-8 at most; two roundings, and some for fp32.
  private static final double TWO_ROUNDINGS = 0x1.02p-7;

  private static final double ONE_ROUNDING = 0x1.02p-8;

  private static double inverse(RandomRows x, int row) {
    double squares = 0;
    for (int i = 0; i < x.columns; i++) {
      squares += x.get(row, i) * (double) x.get(row, i);
    }
    return 1 / Math.sqrt(squares / x.columns + EPSILON);
  }

  @Test
  void forwardNormalisesEveryRow() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 3);
        var y = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var weight = RandomRows.of(memory, random, DType.BF16, 1, columns, 1);
        long rms = memory.allocate(4 * ROWS);
        Norm.forward(
            y.address, y.stride, rms, x.address, x.stride, weight.address, ROWS, columns, EPSILON);
        for (int row = 0; row < ROWS; row++) {
          double r = inverse(x, row);
          assertEquals(r, Lanes.fp32(rms + 4L * row), 1e-6 * r, message);
          for (int i = 0; i < columns; i++) {
            y.assertNear(
                x.before(row, i) * r * weight.before(0, i), row, i, TWO_ROUNDINGS, 0, message);
          }
        }
        y.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void addForwardNormalisesTheRoundedSum() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 3);
        var branch = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 2);
        var y = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var weight = RandomRows.of(memory, random, DType.BF16, 1, columns, 1);
        long rms = memory.allocate(4 * ROWS);
        Norm.addForward( // In place of x.
            y.address,
            y.stride,
            rms,
            x.address,
            x.stride,
            x.address,
            x.stride,
            branch.address,
            branch.stride,
            weight.address,
            ROWS,
            columns,
            EPSILON);
        for (int row = 0; row < ROWS; row++) {
          double r = inverse(x, row);
          assertEquals(r, Lanes.fp32(rms + 4L * row), 1e-6 * r, message);
          for (int i = 0; i < columns; i++) {
            double sum = x.before(row, i) + branch.before(row, i);
            x.assertNear(sum, row, i, ONE_ROUNDING, 0, message);
            y.assertNear(
                x.get(row, i) * r * weight.before(0, i), row, i, TWO_ROUNDINGS, 0, message);
          }
        }
        x.assertGapsUntouched(message);
        y.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void backwardAddsTheGradientOfTheFormula() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 3);
        var dy = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var dx = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var weight = RandomRows.of(memory, random, DType.BF16, 1, columns, 1);
        long rms = memory.allocate(4 * ROWS);
        for (int row = 0; row < ROWS; row++) {
          Lanes.putFp32(rms + 4L * row, (float) inverse(x, row));
        }
        Norm.backward(
            dx.address,
            dx.stride,
            dy.address,
            dy.stride,
            x.address,
            x.stride,
            rms,
            weight.address,
            ROWS,
            columns);
        for (int row = 0; row < ROWS; row++) {
          double r = inverse(x, row);
          double mean = 0;
          for (int i = 0; i < columns; i++) {
            mean += dy.before(row, i) * weight.before(0, i) * x.before(row, i) * r / columns;
          }
          for (int i = 0; i < columns; i++) {
            double v = dy.before(row, i) * weight.before(0, i);
            double expected = dx.before(row, i) + r * (v - x.before(row, i) * r * mean);
            dx.assertNear(expected, row, i, ONE_ROUNDING, 4e-6, message);
          }
        }
        dx.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void weightGradientIsAddedUpOverTheRows() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 3);
        var dy = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var dWeight = RandomRows.of(memory, random, DType.F32, 1, columns, 1);
        long rms = memory.allocate(4 * ROWS);
        for (int row = 0; row < ROWS; row++) {
          Lanes.putFp32(rms + 4L * row, (float) inverse(x, row));
        }
        Norm.weightGradient(
            dWeight.address, dy.address, dy.stride, x.address, x.stride, rms, ROWS, columns);
        for (int i = 0; i < columns; i++) {
          double expected = dWeight.before(0, i);
          for (int row = 0; row < ROWS; row++) {
            expected += dy.before(row, i) * x.before(row, i) * inverse(x, row);
          }
          dWeight.assertNear(expected, 0, i, 1e-6, 4e-6, message);
        }
        dWeight.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void aRowGivesTheSameBitsWhereverItStands() {
    try (var memory = new Memory()) {
      int columns = 577;
      var x = RandomRows.of(memory, new Random(7), DType.BF16, 1, columns, 3);
      var weight = RandomRows.of(memory, new Random(8), DType.BF16, 1, columns, 1);
      long y = memory.allocate(2L * columns);
      long rms = memory.allocate(4);
      var seen = new java.util.HashSet<Integer>();
      for (int pass = 0; pass < 20_000; pass++) { // Interpreted first, compiled at the end.
        Norm.forward(y, columns, rms, x.address, x.stride, weight.address, 1, columns, EPSILON);
        seen.add(Lanes.int32(rms));
      }
      assertEquals(1, seen.size(), "different sums of one row");
    }
  }
}
