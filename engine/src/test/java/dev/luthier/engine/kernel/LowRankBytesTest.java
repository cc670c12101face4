package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.ValueLayout;
import java.util.Random;
import jdk.incubator.vector.FloatVector;
import org.junit.jupiter.api.Test;

class LowRankBytesTest {
  private static final int IN = 96;
  private static final int OUT = 150;
  private static final float SCALE = 1.5f;

  private static float[] random(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float get(long address, int index) {
    return Memory.ALL.get(ValueLayout.JAVA_FLOAT, address + index * 4L);
  }

  /// Each weight is off by up to half a step of 1/127 of its row's largest: some 1 % of a typical
  /// one, of which sums of independent errors keep no more.
  @Test
  void aRowTimesBothMatricesIsWhatPlainLoopsGive() {
    assumeTrue(FloatVector.SPECIES_PREFERRED.vectorBitSize() == 512, "512-bit vectors");
    for (int rank : new int[] {1, 4, 6, 16}) {
      float[] a = random(1, rank * IN);
      float[] b = random(2, OUT * rank);
      float[] x = random(3, IN);
      try (var memory = new Memory()) {
        var pair =
            LowRankBytes.pack(
                memory.allocate(LowRankBytes.bytesOfA(rank, IN)),
                memory.allocate(LowRankBytes.bytesOfB(rank, OUT)),
                a,
                b,
                rank,
                SCALE);
        long row = memory.allocate(IN * 4L);
        for (int i = 0; i < IN; i++) {
          Memory.ALL.set(ValueLayout.JAVA_FLOAT, row + i * 4L, x[i]);
        }
        long p = memory.allocate(pair.rank() * 4L);
        pair.shrink(row, 0, pair.rank(), p);
        long to = memory.allocate(64 * 4L);
        double off = 0;
        double size = 0;
        for (int block = 0; block < pair.blocks(); block++) {
          Memory.segment(to, 256).fill((byte) 0);
          Memory.ALL.set(ValueLayout.JAVA_FLOAT, to, 1f);
          pair.expand(p, block, to);
          for (int c = 0; c < 64; c++) {
            int column = block * 64 + c;
            double expected = column < OUT ? plain(a, b, x, rank, column) : 0;
            double found = get(to, c) - (c == 0 ? 1 : 0);
            off += Math.pow(found - expected, 2);
            size += expected * expected;
            if (column >= OUT) {
              assertEquals(0, found, 1e-6, "column " + column);
            }
          }
        }
        double relative = Math.sqrt(off / size);
        assertTrue(relative > 0 && relative < 0.02, "rank " + rank + " is off by " + relative);
      }
    }
  }

  private static double plain(float[] a, float[] b, float[] x, int rank, int column) {
    double sum = 0;
    for (int j = 0; j < rank; j++) {
      double p = 0;
      for (int i = 0; i < IN; i++) {
        p += x[i] * a[j * IN + i];
      }
      sum += p * b[column * rank + j];
    }
    return SCALE * sum;
  }
}
