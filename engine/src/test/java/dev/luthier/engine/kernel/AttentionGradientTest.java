package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Against plain loops in double on the same bf16 numbers. What is left is the rounding of P, dS, O
/// and the results to bf16.
final class AttentionGradientTest {
  private static final double TOLERANCE = 1.0 / 64;
  private static final int MAX_KEYS = 1024;

  @BeforeEach
  void needsMatrixUnits() {
    Processor.hasMatrixUnits();
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

  /// What LibTorch's tensors give in fp32, written out as products.
  @Test
  void agreesWithTheTensorCode() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 4, 2, 64, 150, 21);
      backward(memory, heads);
      try (var _ = Scope.open()) {
        var q = heads.tensor(heads.q(0), 4);
        var k = heads.tensor(heads.k(0), 2);
        var v = heads.tensor(heads.v(0), 2);
        var reference = new CausalAttention(4, 2, 64);
        var out = reference.forward(q, k, v);
        var gradients = reference.backward(q, k, v, out, heads.tensor(heads.dOut(0), 4));
        assertNear(out, heads.tensor(heads.out(0), 4));
        assertNear(gradients.q(), heads.tensor(heads.dq(0), 4));
        assertNear(gradients.k(), heads.tensor(heads.dk(0), 2));
        assertNear(gradients.v(), heads.tensor(heads.dv(0), 2));
      }
    }
  }

  private static void assertNear(Tensor expected, Tensor got) {
    var right = expected.toFloats();
    var floats = got.toFloats();
    for (int i = 0; i < right.length; i++) {
      assertEquals(right[i], floats[i], TOLERANCE * Math.max(1, Math.abs(right[i])));
    }
  }

  /// So heads may go to different threads.
  @Test
  void sharesOfHeadsSumToTheBitsOfTheGroup() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 3, 1, 64, 200, 22);
      backward(memory, heads);
      var dq = heads.bits(heads.dq(1), 0, 200);
      var dk = heads.bits(heads.dk(0), 0, 200);
      var dv = heads.bits(heads.dv(0), 0, 200);
      long bytes = AttentionGradient.partialBytes(200, 64);
      long partials = memory.allocate(3 * bytes);
      for (int head = 0; head < 3; head++) {
        head(memory, heads, head, 0, partials + head * bytes);
      }
      AttentionGradient.sum(200, 64, 3, partials, 0, 200, heads.dk(0), heads.dv(0));
      assertArrayEquals(dq, heads.bits(heads.dq(1), 0, 200));
      assertArrayEquals(dk, heads.bits(heads.dk(0), 0, 200));
      assertArrayEquals(dv, heads.bits(heads.dv(0), 0, 200));
    }
  }

  /// Rows behind a prefix, whose keys are handed over apart, give what they give in one document.
  @ParameterizedTest
  @ValueSource(ints = {1, 64, 100, 256, 270})
  void gradientsOfAPrefixAndTheRowsBehindItSumToThoseOfTheWhole(int prefix) {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 1, 1, 64, 300, 23);
      backward(memory, heads);
      long bytes = AttentionGradient.partialBytes(300, 64);
      long partials = memory.allocate(2 * bytes);
      head(memory, heads, 0, prefix, partials);
      long before = memory.allocate(AttentionGradient.partialBytes(prefix, 64));
      var gradient = new AttentionGradient(memory, 64, MAX_KEYS);
      gradient.keys(0, prefix, heads.k(0), heads.v(0));
      gradient.head(
          0, prefix, heads.q(0), heads.out(0), heads.dOut(0), heads.lse(0), heads.dq(0), before);
      // The prefix's own share has fewer rows: dK and dV go where those of the whole lie.
      long half = AttentionGradient.partialBytes(prefix, 64) / 2;
      MemorySegment.copy(Memory.ALL, before, Memory.ALL, partials + bytes, half);
      MemorySegment.copy(Memory.ALL, before + half, Memory.ALL, partials + bytes * 3 / 2, half);
      AttentionGradient.sum(300, 64, 2, partials, 0, 300, heads.dk(0), heads.dv(0));
      heads.compareGradients(TOLERANCE);
    }
  }

  /// The rows from `start` on of one head.
  private static void head(Memory memory, Heads heads, int head, int start, long partial) {
    var gradient = new AttentionGradient(memory, heads.headDim, MAX_KEYS);
    int rows = heads.rows - start;
    gradient.keys(0, start, heads.k(0), heads.v(0));
    gradient.keys(start, rows, heads.k(0).from(start, 2), heads.v(0).from(start, 2));
    gradient.head(
        start,
        rows,
        heads.q(head).from(start, 2),
        heads.out(head).from(start, 2),
        heads.dOut(head).from(start, 2),
        heads.lse(head) + start * 4L,
        heads.dq(head).from(start, 2),
        partial);
  }

  @Test
  void givesTheSameBitsAgainAndBesideOthers() {
    try (var memory = new Memory()) {
      var heads = new Heads(memory, 2, 1, 64, 130, 24);
      var attention = new Attention(memory, 64, MAX_KEYS);
      var gradient = new AttentionGradient(memory, 64, MAX_KEYS);
      backward(attention, gradient, heads);
      var first = heads.bits(heads.dk(0), 0, 130);
      var query = heads.bits(heads.dq(1), 0, 130);
      var other = new Heads(memory, 2, 1, 64, 333, 25);
      for (int round = 0; round < 1000; round++) { // Long enough for every compiler to have a go.
        if (round % 50 == 0) {
          backward(attention, gradient, other);
        }
        backward(attention, gradient, heads);
        assertArrayEquals(first, heads.bits(heads.dk(0), 0, 130));
        assertArrayEquals(query, heads.bits(heads.dq(1), 0, 130));
      }
    }
  }

  private static void backward(Memory memory, Heads heads) {
    backward(
        new Attention(memory, heads.headDim, MAX_KEYS),
        new AttentionGradient(memory, heads.headDim, MAX_KEYS),
        heads);
  }

  private static void backward(Attention attention, AttentionGradient gradient, Heads heads) {
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
