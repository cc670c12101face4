package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.weights.DType;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Products with weights in bytes against sums in double over the same rounded weights, and what
/// lies around the result, which must stay as it was.
class StripProductTest {
  private static final int STRIP = StripOperand.STRIP;

  /// The last strip is not full.
  private static final int CHANNELS = 3 * STRIP - 5;

  private static final int DEPTH = 77;

  private final RandomGenerator random = new Random(3);

  /// Weights, as bytes hold them: [CHANNELS,DEPTH].
  private static float rounded(RandomRows w, int channel, int k) {
    float largest = 0;
    for (int i = 0; i < DEPTH; i++) {
      largest = Math.max(largest, Math.abs(w.get(channel, i)));
    }
    float scale = largest / 127;
    return scale * (float) Math.rint(w.get(channel, k) / scale);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 7})
  void productsAreThoseOfTheRoundedWeights(int rows) {
    try (var memory = new Memory()) {
      var w = RandomRows.of(memory, random, DType.F32, CHANNELS, DEPTH, 0.1);
      var x = RandomRows.of(memory, random, DType.F32, rows, DEPTH, 1);
      var operand = StripOperand.allocate(memory, CHANNELS, DEPTH);
      // In two parts that begin in the middle of a strip.
      operand.packFp32(w.strided(), 1, STRIP + 3, 0);
      var rest = new Strided(w.address + (STRIP + 3) * w.stride * Float.BYTES, w.stride);
      operand.packFp32(rest, 1, CHANNELS - STRIP - 3, STRIP + 3);
      for (boolean add : new boolean[] {false, true}) {
        var y = RandomRows.of(memory, random, DType.F32, rows, 3 * STRIP, 1);
        StripProduct.multiply(
            rows, x.strided(), operand, STRIP, CHANNELS - STRIP, add, y.strided());
        var what = "%d rows, add %s".formatted(rows, add);
        for (int row = 0; row < rows; row++) {
          for (int channel = 0; channel < STRIP; channel++) {
            assertEquals(y.before(row, channel), y.get(row, channel));
          }
          for (int channel = STRIP; channel < CHANNELS; channel++) {
            double expected = add ? y.before(row, channel) : 0;
            for (int k = 0; k < DEPTH; k++) {
              expected += (double) x.get(row, k) * rounded(w, channel, k);
            }
            y.assertNear(expected, row, channel, 1e-6, 5e-6, what);
          }
        }
        y.assertGapsUntouched(what);
      }
    }
  }

  @Test
  void weightsOfZeroGiveZero() {
    try (var memory = new Memory()) {
      var x = RandomRows.of(memory, random, DType.F32, 1, DEPTH, 1);
      var operand = StripOperand.allocate(memory, STRIP, DEPTH);
      operand.packFp32(new Strided(memory.allocate(4L * DEPTH), DEPTH), 1, 1, 0);
      var y = RandomRows.of(memory, random, DType.F32, 1, STRIP, 1);
      StripProduct.multiply(1, x.strided(), operand, 0, STRIP, false, y.strided());
      assertEquals(0, y.get(0, 0));
    }
  }
}
