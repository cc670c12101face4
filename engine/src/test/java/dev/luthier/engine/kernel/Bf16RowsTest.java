package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.weights.Bf16;
import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Bf16RowsTest {
  private static final int[] LENGTHS = {1, 15, 16, 31, 32, 33, 64, 65, 128, 577};
  private static final int ROWS = 3;

  /// Ties, overflow, infinities, denormal numbers and NaN of every sort.
  private static final int[] ODD_BITS = {
    0x3f808000, 0x3f818000, 0x3f808001, 0x3f807fff, 0x7f7fffff, 0xff7f8000, 0x7f800000, 0xff800000,
    0x00000001, 0x80008000, 0x00018000, 0x7f800001, 0x7fffffff, 0xffffffff, 0xffc00000, 0x80000000
  };

  private static float rounded(float value) {
    return Bf16.toFloat(Bf16.of(value));
  }

  @Test
  void roundsToNearestEvenAndKeepsNaN() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.F32, ROWS, columns, 1);
        var y = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        for (int i = 0; i < columns; i++) {
          x.set(1, i, Float.intBitsToFloat(ODD_BITS[i % ODD_BITS.length]));
          x.set(2, i, Float.intBitsToFloat(random.nextInt()));
        }
        Bf16Rows.fromFp32(y.address, y.stride, x.address, x.stride, ROWS, columns);
        for (int row = 0; row < ROWS; row++) {
          for (int i = 0; i < columns; i++) {
            float from = x.get(row, i);
            assertEquals(rounded(from), y.get(row, i), message + ", " + from);
          }
        }
        y.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void roundsInPlace() {
    for (int columns : LENGTHS) {
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, new Random(4), DType.F32, 1, columns, 1);
        Bf16Rows.fromFp32(x.address, x.stride, x.address, x.stride, 1, columns);
        for (int i = 0; i < columns; i++) {
          assertEquals(rounded((float) x.before(0, i)), Lanes.bf16(x.address + 2L * i));
        }
      }
    }
  }

  @Test
  void scalesAddsAndWidens() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int columns : LENGTHS) {
      String message = "seed " + seed + ", " + columns + " columns";
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.F32, ROWS, columns, 1);
        var scaled = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var residual = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var both = RandomRows.of(memory, random, DType.BF16, ROWS, columns, 1);
        var wide = RandomRows.of(memory, random, DType.F32, ROWS, columns, 1);
        Bf16Rows.fromFp32Scaled(
            scaled.address, scaled.stride, x.address, x.stride, 0.3f, ROWS, columns);
        Bf16Rows.fromFp32Plus(
            residual.address,
            residual.stride,
            x.address,
            x.stride,
            residual.address,
            residual.stride,
            ROWS,
            columns);
        Bf16Rows.add(
            both.address,
            both.stride,
            both.address,
            both.stride,
            scaled.address,
            scaled.stride,
            ROWS,
            columns);
        Bf16Rows.toFp32(wide.address, wide.stride, both.address, both.stride, ROWS, columns);
        for (int row = 0; row < ROWS; row++) {
          for (int i = 0; i < columns; i++) {
            float from = x.get(row, i);
            assertEquals(rounded(from * 0.3f), scaled.get(row, i), message);
            assertEquals(
                rounded(from + (float) residual.before(row, i)), residual.get(row, i), message);
            assertEquals(
                rounded((float) both.before(row, i) + scaled.get(row, i)),
                both.get(row, i),
                message);
            assertEquals(both.get(row, i), wide.get(row, i), message);
          }
        }
        scaled.assertGapsUntouched(message);
        residual.assertGapsUntouched(message);
        both.assertGapsUntouched(message);
        wide.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void sumsStayNaNAndInfinite() {
    try (var memory = new Memory()) {
      var a = RandomRows.of(memory, new Random(1), DType.BF16, 1, 64, 1);
      var b = RandomRows.of(memory, new Random(2), DType.BF16, 1, 64, 1);
      a.set(0, 3, Float.NaN);
      b.set(0, 4, Float.NaN);
      a.set(0, 5, Float.POSITIVE_INFINITY);
      a.set(0, 6, 3.3e38f);
      b.set(0, 6, 3.3e38f);
      Bf16Rows.add(a.address, 64, a.address, 64, b.address, 64, 1, 64);
      assertTrue(Float.isNaN(a.get(0, 3)));
      assertTrue(Float.isNaN(a.get(0, 4)));
      assertEquals(Float.POSITIVE_INFINITY, a.get(0, 5));
      assertEquals(Float.POSITIVE_INFINITY, a.get(0, 6));
    }
  }
}
