package dev.luthier.engine.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Gradients;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

class CausalAttentionTest {
  private static final int HEADS = 6;
  private static final int KV_HEADS = 2;
  private static final int HEAD_DIM = 8;
  private static final int TOKENS = 23;

  private final CausalAttention whole = new CausalAttention(HEADS, KV_HEADS, HEAD_DIM);
  private final CausalAttention inBlocks = new CausalAttention(HEADS, KV_HEADS, HEAD_DIM, 5);

  @Test
  void blocksChangeNothing() {
    try (var _ = Scope.open()) {
      assertArrayEquals(
          whole.forward(rows(1, HEADS), rows(2, KV_HEADS), rows(3, KV_HEADS)).toFloats(),
          inBlocks.forward(rows(1, HEADS), rows(2, KV_HEADS), rows(3, KV_HEADS)).toFloats(),
          1e-5f);
    }
  }

  @Test
  void gradientsEqualRecordedOnes() {
    try (var _ = Scope.open()) {
      var q = rows(1, HEADS).asParameter();
      var k = rows(2, KV_HEADS).asParameter();
      var v = rows(3, KV_HEADS).asParameter();
      var dOut = rows(4, HEADS);
      Gradients.recorded(() -> whole.forward(q, k, v).mul(dOut).sum()).backward();
      var expected = new float[][] {gradient(q), gradient(k), gradient(v)};
      for (var attention : new CausalAttention[] {whole, inBlocks}) {
        var plain = new Tensor[] {rows(1, HEADS), rows(2, KV_HEADS), rows(3, KV_HEADS)};
        var out = attention.forward(plain[0], plain[1], plain[2]);
        var d = attention.backward(plain[0], plain[1], plain[2], out, dOut);
        assertArrayEquals(expected[0], d.q().toFloats(), 1e-5f);
        assertArrayEquals(expected[1], d.k().toFloats(), 1e-5f);
        assertArrayEquals(expected[2], d.v().toFloats(), 1e-5f);
      }
    }
  }

  @Test
  void aRowSeesNothingAfterIt() {
    try (var _ = Scope.open()) {
      var k = rows(2, KV_HEADS);
      var before = inBlocks.forward(rows(1, HEADS), k, rows(3, KV_HEADS)).toFloats();
      k.narrow(0, 12, TOKENS - 12).mulInPlace(-3);
      var after = inBlocks.forward(rows(1, HEADS), k, rows(3, KV_HEADS)).toFloats();
      int seen = 12 * HEADS * HEAD_DIM;
      for (int i = 0; i < seen; i++) {
        assertEquals(before[i], after[i], 1e-6f);
      }
      assertNotEquals(before[before.length - 1], after[after.length - 1]);
    }
  }

  private static float[] gradient(Tensor parameter) {
    return parameter.takeGradient().toFloats();
  }

  private static Tensor rows(long seed, int heads) {
    var random = new CounterRandom(seed);
    var values = new float[TOKENS * heads * HEAD_DIM];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (2 * random.uniform(i) - 1);
    }
    return Tensor.of(values, TOKENS, (long) heads * HEAD_DIM);
  }
}
