package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LowRankBytesTest {
  private static final int IN = 96;
  private static final int[] OUTS = {150, 64};
  private static final float SCALE = 1.5f;

  private static MemorySegment random(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return MemorySegment.ofArray(values);
  }

  private static float get(MemorySegment floats, int index) {
    return floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private static float get(long address, int index) {
    return Memory.ALL.get(ValueLayout.JAVA_FLOAT, address + index * 4L);
  }

  /// Each weight is off by up to half a step of 1/127 of its row's largest: some 1 % of a typical
  /// one, of which sums of independent errors keep no more.
  @Test
  void aRowTimesBothMatricesIsWhatPlainLoopsGive() {
    Processor.hasWideVectors();
    for (int rank : new int[] {1, 4, 6, 16}) {
      var pairs = new ArrayList<LowRankBytes.Pair>();
      for (int out : OUTS) {
        pairs.add(new LowRankBytes.Pair(random(out, rank * IN), random(out + 1, out * rank)));
      }
      MemorySegment x = random(3, IN);
      try (var memory = new Memory()) {
        long bytes = LowRankBytes.bytes(rank, IN, OUTS);
        var packed = LowRankBytes.pack(memory.allocate(bytes), pairs, rank, SCALE);
        long row = memory.allocate(IN * 4L);
        for (int i = 0; i < IN; i++) {
          Memory.ALL.set(ValueLayout.JAVA_FLOAT, row + i * 4L, get(x, i));
        }
        long p = memory.allocate(packed.rank() * 4L);
        packed.shrink(row, 0, packed.rank(), p);
        long to = memory.allocate(64 * 4L);
        for (int linear = 0; linear < OUTS.length; linear++) {
          double relative = off(packed.expansions().get(linear), pairs.get(linear), x, p, to);
          assertTrue(relative > 0 && relative < 0.02, "rank " + rank + " is off by " + relative);
        }
      }
    }
  }

  /// How far a linear's columns are from what plain loops give, as a part of their size.
  private static double off(
      LowRankBytes.Expansion expansion, LowRankBytes.Pair pair, MemorySegment x, long p, long to) {
    int rank = (int) pair.a().byteSize() / 4 / IN;
    int out = (int) pair.b().byteSize() / 4 / rank;
    double off = 0;
    double size = 0;
    for (int block = 0; block < expansion.blocks(); block++) {
      Memory.segment(to, 256).fill((byte) 0);
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, to, 1f);
      long b = expansion.address() + (long) block * expansion.rank() * 64;
      LowRankBytes.expand(p + expansion.at() * 4L, b, expansion.rank(), to);
      for (int c = 0; c < 64; c++) {
        int column = block * 64 + c;
        double expected = column < out ? plain(pair.a(), pair.b(), x, rank, column) : 0;
        double found = get(to, c) - (c == 0 ? 1 : 0);
        off += Math.pow(found - expected, 2);
        size += expected * expected;
        if (column >= out) {
          assertEquals(0, found, 1e-6, "column " + column);
        }
      }
    }
    return Math.sqrt(off / size);
  }

  private static double plain(
      MemorySegment a, MemorySegment b, MemorySegment x, int rank, int column) {
    double sum = 0;
    for (int j = 0; j < rank; j++) {
      double p = 0;
      for (int i = 0; i < IN; i++) {
        p += get(x, i) * get(a, j * IN + i);
      }
      sum += p * get(b, column * rank + j);
    }
    return SCALE * sum;
  }
}
