package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Notices when the compiler no longer keeps a kernel's vectors in registers, which costs a factor
/// of five to fifteen. The best of many short windows is taken, so neighbours do not matter; what
/// remains is far from the limits on any machine with vectors as long.
class KernelSpeedTest {
  private static final int ROWS = 64;
  private static final int HIDDEN = 576;
  private static final int INNER = 1536;
  private static final int VOCABULARY = 49152;
  private static final int FLAT = 1 << 16;

  /// How much slower than measured on the machine of reference counts as fallen off the cliff.
  private static final double CLIFF = 5;

  private static final long WINDOW_NANOS = 2_000_000;
  private static final int WINDOWS = 25;
  private static final long PATIENCE_NANOS = 3_000_000_000L;

  /// A kernel's run over `elements`, and the nanoseconds per element it once took.
  private record Measured(long elements, double reference, Runnable run) {}

  private final Map<String, Measured> kernels = new LinkedHashMap<>();

  private void add(String name, long elements, double reference, Runnable run) {
    kernels.put(name, new Measured(elements, reference, run));
  }

  @Test
  void noKernelHasFallenOffTheCliff() {
    Processor.hasWideVectors();
    try (var memory = new Memory()) {
      fill(memory);
      assertNoneFallen();
    }
  }

  /// References are of vectors of 256 bits.
  @Test
  void noKernelOnVectorsOfAnyLengthHasFallenOffTheCliff() {
    try (var memory = new Memory()) {
      fillStrips(memory);
      assertNoneFallen();
    }
  }

  private void assertNoneFallen() {
    var table = new StringBuilder();
    List<String> fallen = new ArrayList<>();
    kernels.forEach((name, kernel) -> {
      double nanos = best(kernel);
      var line = "%-24s %6.3f ns (%.3f)".formatted(name, nanos, kernel.reference());
      table.append(line).append('\n');
      if (nanos > CLIFF * kernel.reference()) {
        fallen.add(line);
      }
    });
    System.out.println("ns per element (reference):\n" + table);
    assertTrue(fallen.isEmpty(), () -> "slower than " + CLIFF + " times:\n" + table);
  }

  /// Nanoseconds per element in the fastest window. Goes on while the kernel is slow: it may not be
  /// compiled yet, or the machine may be busy.
  private static double best(Measured kernel) {
    double best = Double.MAX_VALUE;
    long calls = 1;
    long end = System.nanoTime() + PATIENCE_NANOS;
    for (int window = 0; window < WINDOWS || isSlow(best, kernel, end); window++) {
      long start = System.nanoTime();
      for (long call = 0; call < calls; call++) {
        kernel.run().run();
      }
      long nanos = System.nanoTime() - start;
      best = Math.min(best, (double) nanos / calls / kernel.elements());
      calls = Math.max(1, calls * WINDOW_NANOS / Math.max(1, nanos));
    }
    return best;
  }

  private static boolean isSlow(double best, Measured kernel, long end) {
    return best > 1.3 * kernel.reference() && System.nanoTime() < end;
  }

  private void fill(Memory memory) {
    long x = ones(memory, ROWS * INNER, true);
    long y = ones(memory, ROWS * INNER, true);
    long z = ones(memory, ROWS * INNER, true);
    long wide = ones(memory, ROWS * INNER, false);
    long weight = ones(memory, HIDDEN, true);
    long rms = ones(memory, ROWS, false);
    long hidden = (long) ROWS * HIDDEN;
    long inner = (long) ROWS * INNER;
    add(
        "RMSNorm",
        hidden,
        0.22,
        () -> Norm.forward(y, HIDDEN, rms, x, HIDDEN, weight, ROWS, HIDDEN, 1e-5f));
    add(
        "residual + RMSNorm",
        hidden,
        0.26,
        () ->
            Norm.addForward(
                y, HIDDEN, rms, z, HIDDEN, x, HIDDEN, y, HIDDEN, weight, ROWS, HIDDEN, 1e-5f));
    long zero = memory.allocate(2 * inner);
    add(
        "RMSNorm backward",
        hidden,
        0.24,
        () -> Norm.backward(y, HIDDEN, zero, HIDDEN, x, HIDDEN, rms, weight, ROWS, HIDDEN));
    long dWeight = memory.allocate(4 * HIDDEN);
    add(
        "RMSNorm dWeight",
        hidden,
        0.2,
        () -> Norm.weightGradient(dWeight, zero, HIDDEN, x, HIDDEN, rms, ROWS, HIDDEN));
    fillHeads(memory, x);
    add("SwiGLU", inner, 0.44, () -> SwiGlu.forward(of(z), of(x), of(y), ROWS, INNER));
    long dGate = memory.allocate(2 * inner);
    long dUp = memory.allocate(2 * inner);
    add(
        "SwiGLU backward",
        inner,
        0.55,
        () -> SwiGlu.backward(of(z), of(dGate), of(dUp), of(x), of(x), of(y), ROWS, INNER));
    fillLoss(memory);
    fillConversions(x, y, wide);
    fillFlat(memory);
  }

  private void fillStrips(Memory memory) {
    var x = of(ones(memory, 2 * INNER, false));
    var y = of(ones(memory, 2 * INNER, false));
    var w = StripOperand.allocate(memory, INNER, HIDDEN);
    w.packFp32(new Strided(ones(memory, INNER * HIDDEN, false), HIDDEN), 1, INNER, 0);
    long weights = (long) INNER * HIDDEN;
    add("strips, a row", weights, 0.05, () -> StripProduct.multiply(1, x, w, 0, INNER, false, y));
    add("strips, two rows", weights, 0.06, () -> StripProduct.multiply(2, x, w, 0, INNER, true, y));
    long gate = ones(memory, 2 * INNER, false);
    add("SwiGLU, a row", INNER, 1, () -> VectorRows.activate(gate, gate + 4L * INNER, INNER));
    long weight = ones(memory, HIDDEN, false);
    add(
        "RMSNorm, a row",
        HIDDEN,
        0.5,
        () -> VectorRows.norm(y.address(), x.address(), weight, HIDDEN, 1e-5f));
    fillAttention(memory, x.address(), y.address());
  }

  private void fillAttention(Memory memory, long query, long out) {
    int seen = 512;
    int head = 64;
    var keys = new Strided(ones(memory, seen * head, true), head);
    var attention = new VectorAttention(memory, head, seen);
    add(
        "attention of a query",
        (long) seen * head,
        0.17,
        () -> attention.attend(query, seen, keys, keys, out));
  }

  private static Strided of(long inner) {
    return new Strided(inner, INNER);
  }

  private void fillHeads(Memory memory, long x) {
    long cos = ones(memory, 64 * 32, false);
    long sin = memory.allocate(4L * 64 * 32);
    long positions = memory.allocate(4 * ROWS);
    add(
        "RoPE, 12 heads of 64",
        ROWS * 768L,
        0.11,
        () -> Rope.turn(x, INNER, ROWS, 12, 64, cos, sin, positions));
  }

  private void fillLoss(Memory memory) {
    int rows = 4;
    long logits = ones(memory, rows * VOCABULARY, false);
    long gradient = memory.allocate(2L * rows * VOCABULARY);
    long sums = memory.allocate(16);
    long losses = memory.allocate(16);
    long argmaxes = memory.allocate(16);
    long targets = memory.allocate(16);
    add(
        "cross-entropy",
        (long) rows * VOCABULARY,
        0.45,
        () ->
            CrossEntropy.forward(
                sums, losses, argmaxes, logits, VOCABULARY, targets, rows, VOCABULARY));
    add(
        "cross-entropy gradient",
        (long) rows * VOCABULARY,
        0.4,
        () ->
            CrossEntropy.backward(
                gradient, VOCABULARY, logits, VOCABULARY, sums, targets, rows, VOCABULARY, 1));
    var space = new Workspace(memory);
    long stats = memory.allocate(2L * ROWS * Float.BYTES);
    long other = stats + ROWS * Float.BYTES;
    add(
        "softmax of a tile",
        ROWS * 64L,
        0.28,
        () -> SoftmaxTile.exponentials(space, logits, ROWS, gradient, 64, stats, other, 1));
  }

  private void fillConversions(long x, long y, long wide) {
    long inner = (long) ROWS * INNER;
    add("tile to bf16", 64 * 64, 0.1, () -> Bf16Rows.fromFp32(y, INNER, wide, 64, 64, 64));
    add(
        "tile + residual",
        64 * 64,
        0.12,
        () -> Bf16Rows.fromFp32Plus(y, INNER, wide, 64, x, INNER, 64, 64));
    add("fp32 to bf16", inner, 0.12, () -> Bf16Rows.fromFp32(y, INNER, wide, INNER, ROWS, INNER));
    add(
        "fp32 to bf16, scaled",
        inner,
        0.1,
        () -> Bf16Rows.fromFp32Scaled(y, INNER, wide, INNER, 1.1f, ROWS, INNER));
    add("bf16 to fp32", inner, 0.1, () -> Bf16Rows.toFp32(wide, INNER, x, INNER, ROWS, INNER));
    long hidden = (long) ROWS * HIDDEN;
    add("bf16 add", hidden, 0.1, () -> Bf16Rows.add(y, HIDDEN, x, HIDDEN, x, HIDDEN, ROWS, HIDDEN));
  }

  private void fillFlat(Memory memory) {
    long parameters = ones(memory, FLAT, false);
    long first = ones(memory, FLAT, false);
    long second = ones(memory, FLAT, false);
    long gradient = ones(memory, FLAT, false);
    long narrow = ones(memory, FLAT, true);
    add("AdamW", FLAT, 0.68, () -> Adam.update(parameters, first, second, gradient, FLAT, 9, 0, 1));
    add("sum of squares", FLAT, 0.06, () -> Fp32Rows.sumOfSquares(gradient, FLAT));
    add("add scaled", FLAT, 0.12, () -> Fp32Rows.addScaled(first, gradient, 0.1f, FLAT));
    add("add scaled bf16", FLAT, 0.12, () -> Fp32Rows.addScaledBf16(second, narrow, 0.1f, FLAT));
  }

  private static long ones(Memory memory, int count, boolean narrow) {
    long address = memory.allocate(4L * count);
    for (int i = 0; i < count; i++) {
      float value = 1 + (i % 61) * 0.01f;
      if (narrow) {
        Lanes.putBf16(address + 2L * i, value);
      } else {
        Lanes.putFp32(address + 4L * i, value);
      }
    }
    return address;
  }
}
