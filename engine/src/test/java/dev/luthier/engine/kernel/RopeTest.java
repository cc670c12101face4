package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RopeTest {
  private static final double ONE_ROUNDING = 0x1.02p-8;
  private static final int ROWS = 4;
  private static final int HEADS = 3;
  private static final int POSITIONS = 9;

  private static long table(Memory memory, int half, boolean sine) {
    long table = memory.allocate(4L * POSITIONS * half);
    for (int p = 0; p < POSITIONS; p++) {
      for (int i = 0; i < half; i++) {
        double angle = p * Math.pow(10_000, -i / (double) half);
        double value = sine ? Math.sin(angle) : Math.cos(angle);
        Lanes.putFp32(table + 4L * (p * half + i), (float) value);
      }
    }
    return table;
  }

  @Test
  void halvesOfEveryHeadTurnByTheAngleOfTheRowsPosition() {
    long seed = System.nanoTime();
    var random = new Random(seed);
    for (int headDim : new int[] {2, 10, 32, 64, 96, 100, 128}) {
      String message = "seed " + seed + ", head of " + headDim;
      int half = headDim / 2;
      try (var memory = new Memory()) {
        var x = RandomRows.of(memory, random, DType.BF16, ROWS, HEADS * headDim, 1);
        long cos = table(memory, half, false);
        long sin = table(memory, half, true);
        long positions = memory.allocate(4 * ROWS);
        for (int row = 0; row < ROWS; row++) {
          Lanes.putInt32(positions + 4L * row, random.nextInt(POSITIONS));
        }
        Rope.turn(x.address, x.stride, ROWS, HEADS, headDim, cos, sin, positions);
        for (int row = 0; row < ROWS; row++) {
          int p = Lanes.int32(positions + 4L * row);
          for (int column = 0; column < HEADS * headDim; column++) {
            int i = column % headDim % half;
            double angle = p * Math.pow(10_000, -i / (double) half);
            boolean first = column % headDim < half;
            double other = x.before(row, first ? column + half : column - half);
            double expected =
                x.before(row, column) * Math.cos(angle)
                    + (first ? -other : other) * Math.sin(angle);
            x.assertNear(expected, row, column, ONE_ROUNDING, 1e-6, message);
          }
        }
        x.assertGapsUntouched(message);
      }
    }
  }

  @Test
  void turningBackUndoesTheTurn() {
    try (var memory = new Memory()) {
      int headDim = 64;
      var x = RandomRows.of(memory, new Random(3), DType.BF16, ROWS, HEADS * headDim, 1);
      long cos = table(memory, headDim / 2, false);
      long sin = table(memory, headDim / 2, true);
      long positions = memory.allocate(4 * ROWS);
      for (int row = 0; row < ROWS; row++) {
        Lanes.putInt32(positions + 4L * row, row + 1);
      }
      Rope.turn(x.address, x.stride, ROWS, HEADS, headDim, cos, sin, positions);
      Rope.turnBack(x.address, x.stride, ROWS, HEADS, headDim, cos, sin, positions);
      for (int row = 0; row < ROWS; row++) {
        for (int column = 0; column < HEADS * headDim; column++) {
          assertEquals(x.before(row, column), x.get(row, column), 0.03);
        }
      }
    }
  }
}
