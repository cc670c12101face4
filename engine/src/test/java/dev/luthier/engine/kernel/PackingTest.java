package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackingTest {
  private static final int[][] SIZES = {
    {1, 1}, {2, 3}, {16, 16}, {17, 31}, {32, 64}, {33, 48}, {64, 64}, {95, 70}, {100, 7}
  };

  @Test
  void transposes32BitsOfAnySize() {
    try (var memory = new Memory()) {
      var matrices = new Matrices(memory, new Random(1));
      for (int[] size : SIZES) {
        var from = matrices.fp32(size[0], size[1] + 3);
        var to = matrices.fp32(size[1], size[0] + 5);
        var before = Matrices.copyFp32(to, size[1], size[0] + 5);
        Packing.transpose32(
            from.address(), from.stride(), size[0], size[1], to.address(), to.stride());
        for (int c = 0; c < size[1]; c++) {
          for (int r = 0; r < size[0] + 5; r++) {
            float expected = r < size[0] ? Matrices.fp32(from, r, c) : before[c][r];
            assertEquals(expected, Matrices.fp32(to, c, r), size[0] + " x " + size[1]);
          }
        }
      }
    }
  }

  @Test
  void transposes16BitsAndFillsUpWithZeros() {
    try (var memory = new Memory()) {
      var matrices = new Matrices(memory, new Random(2));
      for (int[] size : SIZES) {
        int padded = (size[0] + 31) / 32 * 32;
        var from = matrices.bf16(size[0], size[1], size[1] + 3);
        var to = matrices.bf16(size[1], padded + 2, padded + 2);
        short after = Matrices.bits16(to, size[1] - 1, padded);
        Packing.transpose16(
            from.address(), from.stride(), size[0], size[1], to.address(), to.stride());
        for (int c = 0; c < size[1]; c++) {
          for (int r = 0; r < padded; r++) {
            short expected = r < size[0] ? Matrices.bits16(from, r, c) : 0;
            assertEquals(expected, Matrices.bits16(to, c, r), size[0] + " x " + size[1]);
          }
        }
        assertEquals(after, Matrices.bits16(to, size[1] - 1, padded));
      }
    }
  }

  @Test
  void laysRowPairsSideBySide() {
    try (var memory = new Memory()) {
      var matrices = new Matrices(memory, new Random(3));
      for (int[] size : SIZES) {
        int width = size[1] + 2;
        var from = matrices.bf16(size[0], size[1], size[1] + 3);
        long to = memory.allocate((size[0] + 1L) / 2 * width * 4);
        Packing.interleave(from.address(), from.stride(), size[0], size[1], to, width);
        for (int r = 0; r < (size[0] + 1) / 2 * 2; r++) {
          for (int c = 0; c < width; c++) {
            short expected = r < size[0] && c < size[1] ? Matrices.bits16(from, r, c) : 0;
            assertEquals(expected, pair(to, width, r, c), size[0] + " x " + size[1]);
          }
        }
      }
    }
  }

  @Test
  void packsPartsOfAnOperandBothWays() {
    try (var memory = new Memory()) {
      var matrices = new Matrices(memory, new Random(4));
      // q|k|v of 70, 22 and 40 rows over a depth of 38, and what is low in rank below: 16 deep.
      var operand = Operand.allocate(memory, 54, 132);
      var other = Operand.allocate(memory, 54, 132);
      int[] rows = {70, 22, 40};
      var expected = new short[54][132];
      int at = 0;
      for (int count : rows) {
        var w = matrices.bf16(count, 38, 40);
        var b = matrices.bf16(count, 16, 16);
        operand.packTransposed(w, count, 38, 0, at);
        operand.packTransposed(b, count, 16, 38, at);
        for (int n = 0; n < count; n++) {
          for (int k = 0; k < 54; k++) {
            expected[k][at + n] = k < 38 ? Matrices.bits16(w, n, k) : Matrices.bits16(b, n, k - 38);
          }
        }
        at += count;
      }
      var straight = matrices.bf16(54, 132, 134);
      for (int k = 0; k < 54; k++) {
        for (int n = 0; n < 132; n++) {
          long place = straight.address() + (k * 134L + n) * 2;
          Memory.ALL.set(ValueLayout.JAVA_SHORT, place, expected[k][n]);
        }
      }
      other.packStraight(straight, 54, 132, 0, 0);
      assertEquals(3, operand.blocks());
      assertEquals(16, operand.blockWidth(2));
      for (int k = 0; k < 54; k++) {
        for (int n = 0; n < 144; n++) {
          short element = n < 132 ? expected[k][n] : 0;
          assertEquals(element, pair(operand.block(n / 64), operand.blockWidth(n / 64), k, n % 64));
          assertEquals(element, pair(other.block(n / 64), other.blockWidth(n / 64), k, n % 64));
        }
      }
      var part = operand.columns(64, 68).depths(4, 40);
      assertEquals(expected[5][130], pair(part.block(1), part.blockWidth(1), 1, 2));
    }
  }

  private static short pair(long to, long width, int row, int column) {
    long place = to + (row / 2 * width + column) * 4 + row % 2 * 2L;
    return Memory.ALL.get(ValueLayout.JAVA_SHORT, place);
  }
}
