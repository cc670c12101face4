package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against plain loops in double on the same bf16 numbers. What is left is the rounding of
/// probabilities and results to bf16: outputs are of order 1, so 2^-7 bounds it.
final class AttentionTest {
  private static final double TOLERANCE = 1.0 / 128;
  private static final int MAX_KEYS = 1024;

  @BeforeEach
  void needsMatrixUnits() {
    assumeTrue(Brgemm.isAvailable(), "this machine has no matrix units");
  }

  @ParameterizedTest
  @CsvSource({
    "1,64", "2,64", "31,64", "63,64", "64,64", "65,64", "127,64", "200,64", "300,64", "577,64",
    "1,32", "65,32", "300,32", "2,128", "64,128", "127,128", "300,128", "70,96", "70,256"
  })
  void givesWhatPlainLoopsGive(int rows, int headDim) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 3, 1, headDim, rows, 11);
      var attention = new Attention(memory, headDim, MAX_KEYS);
      attention.keys(0, rows, heads.k(0), heads.v(0));
      for (int head = 0; head < 3; head++) {
        attention.forward(0, rows, heads.q(head), heads.out(head), heads.lse(head));
      }
      for (int head = 0; head < 3; head++) {
        heads.compareForward(head, 0, rows, TOLERANCE);
      }
      heads.assertNeighboursUntouched();
    }
  }
}
