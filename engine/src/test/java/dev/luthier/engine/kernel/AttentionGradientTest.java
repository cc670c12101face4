package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Against plain loops in double on the same bf16 numbers. What is left is the rounding of P, dS, O
/// and the results to bf16.
final class AttentionGradientTest {
  private static final double TOLERANCE = 1.0 / 64;
  private static final int MAX_KEYS = 1024;

  @BeforeEach
  void needsMatrixUnits() {
    assumeTrue(Brgemm.isAvailable(), "this machine has no matrix units");
  }

  @ParameterizedTest
  @CsvSource({
    "1,64", "2,64", "31,64", "63,64", "64,64", "65,64", "127,64", "200,64", "300,64",
    "1,32", "65,32", "300,32", "2,128", "64,128", "127,128", "300,128", "70,96", "70,256"
  })
  void givesWhatPlainLoopsGive(int rows, int headDim) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 4, 2, headDim, rows, 12);
      backward(memory, heads);
      heads.compareGradients(TOLERANCE);
      heads.assertNeighboursUntouched();
    }
  }

  private static void backward(Memory memory, Heads heads) {
    var attention = new Attention(memory, heads.headDim, MAX_KEYS);
    var gradient = new AttentionGradient(memory, heads.headDim, MAX_KEYS);
    int group = heads.heads / heads.kvHeads;
    for (int kv = 0; kv < heads.kvHeads; kv++) {
      int first = kv * group;
      attention.keys(0, heads.rows, heads.k(kv), heads.v(kv));
      for (int head = first; head < first + group; head++) {
        attention.forward(0, heads.rows, heads.q(head), heads.out(head), heads.lse(head));
      }
      gradient.group(
          heads.rows,
          group,
          heads.q(first),
          heads.k(kv),
          heads.v(kv),
          heads.out(first),
          heads.dOut(first),
          heads.lse(first),
          heads.rows,
          heads.dq(first),
          heads.dk(kv),
          heads.dv(kv));
    }
  }
}
