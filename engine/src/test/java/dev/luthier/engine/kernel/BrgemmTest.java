package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BrgemmTest {
  private static final int M = 5;
  private static final int N = 64;
  private static final int K = 96;

  @Test
  void multipliesBf16AsPlainLoopsDo() {
    Processor.hasMatrixUnits();
    var random = new Random(7);
    try (var memory = new Memory()) {
      long a = memory.allocate(M * K * 2L);
      long b = memory.allocate(K * N * 2L);
      long c = memory.allocate(M * N * 4L);
      var plainA = new float[M][K];
      var plainB = new float[K][N];
      for (int m = 0; m < M; m++) {
        for (int k = 0; k < K; k++) {
          plainA[m][k] = put(a + (m * K + k) * 2L, random);
        }
      }
      for (int k = 0; k < K; k++) {
        for (int n = 0; n < N; n++) {
          plainB[k][n] = put(b + ((k / 2) * 2L * N + 2L * n + k % 2) * 2L, random);
        }
      }
      Brgemm.bf16(M, N, K, K, N, N, false, a, b, c);
      Brgemm.bf16(M, N, K, K, N, N, true, a, b, c);
      Brgemm.release();
      for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++) {
          double sum = 0;
          for (int k = 0; k < K; k++) {
            sum += plainA[m][k] * plainB[k][n];
          }
          float got = Memory.ALL.get(ValueLayout.JAVA_FLOAT, c + (m * N + n) * 4L);
          assertEquals(2 * sum, got, 1e-3);
        }
      }
    }
  }

  /// Writes a random bf16 and gives it back as float.
  private static float put(long address, Random random) {
    short bits = (short) (Float.floatToIntBits((float) random.nextGaussian()) >>> 16);
    Memory.ALL.set(ValueLayout.JAVA_SHORT, address, bits);
    return Float.intBitsToFloat(bits << 16);
  }
}
