package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.VectorRows.floats;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.B2F;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Products of fp32 rows with weights in bytes, on the calling thread, with vectors of any length.
///
/// Y [rows,n] = (add ? Y : 0) + scale (X W^T). A sum is fp32, over the depth in order, one fused
/// multiply-add an element, whichever of the loops below computes it: a row's result does not
/// depend on how many rows share the call.
///
/// Few rows wait for the weights: bytes become fp32 on their way into the sums. Many rows wait for
/// the arithmetic: a strip is turned into fp32 once, in a panel that stays in the cache.
public final class StripProduct {
  private static final VectorSpecies<Float> FLOATS = StripOperand.FLOATS;
  private static final int LANES = FLOATS.length();
  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(LANES * Byte.SIZE));
  private static final int STRIP = StripOperand.STRIP;
  private static final long HALF = LANES * 4L;

  /// From so many rows on a panel is worth its making.
  private static final int PANEL_ROWS = 4;

  private StripProduct() {}

  /// Bytes of the panel that [#multiply] wants for operands of up to `depth`.
  public static long panelBytes(int depth) {
    return (long) depth * STRIP * Float.BYTES;
  }

  /// Channels [first, first + count) of Y = (add ? Y : 0) + X W^T. `first` is a multiple of a
  /// strip, `count` too unless the operand ends there. Y's rows have room for whole strips.
  ///
  /// @param x fp32 [rows,depth]
  /// @param y fp32 [rows,width]
  public static void multiply(
      long panel,
      int rows,
      Strided x,
      StripOperand w,
      int first,
      int count,
      boolean add,
      Strided y) {
    int begin = first / STRIP;
    int end = (first + count + STRIP - 1) / STRIP;
    if (rows >= PANEL_ROWS) {
      for (int strip = begin; strip < end; strip++) {
        convert(w.strip(strip), w.depth(), panel);
        panel(panel, rows, x, w, strip, add, y);
      }
      return;
    }
    int strip = begin;
    if (rows == 1) {
      for (; strip + 1 < end; strip += 2) {
        oneByTwo(
            x.address(),
            w.depth(),
            w.strip(strip),
            w.strip(strip + 1),
            w.scales(strip),
            add,
            at(y, 0, strip));
      }
    }
    for (; strip < end; strip++) {
      few(0, rows, x, w, strip, add, y);
    }
  }

  /// Up to three rows.
  private static void few(
      int row, int rows, Strided x, StripOperand w, int strip, boolean add, Strided y) {
    int next = row;
    if (next + 2 <= rows) {
      two(
          at(x, next),
          x.stride() * 4,
          w.depth(),
          w.strip(strip),
          w.scales(strip),
          add,
          at(y, next, strip),
          y.stride() * 4);
      next += 2;
    }
    if (next < rows) {
      one(at(x, next), w.depth(), w.strip(strip), w.scales(strip), add, at(y, next, strip));
    }
  }

  private static void panel(
      long panel, int rows, Strided x, StripOperand w, int strip, boolean add, Strided y) {
    int row = 0;
    for (; row + 4 <= rows; row += 4) {
      fourOfPanel(
          at(x, row),
          x.stride() * 4,
          w.depth(),
          panel,
          w.scales(strip),
          add,
          at(y, row, strip),
          y.stride() * 4);
    }
    few(row, rows, x, w, strip, add, y);
  }

  private static long at(Strided rows, int row) {
    return rows.address() + row * rows.stride() * Float.BYTES;
  }

  private static long at(Strided rows, int row, int strip) {
    return at(rows, row) + (long) strip * STRIP * Float.BYTES;
  }

  private static void convert(long w, int depth, long panel) {
    long count = (long) depth * STRIP;
    for (long i = 0; i < count; i += LANES) {
      weights(w + i).intoMemorySegment(Memory.ALL, panel + i * 4, LITTLE_ENDIAN);
    }
  }

  private static FloatVector weights(long from) {
    return (FloatVector)
        ByteVector.fromMemorySegment(BYTES, Memory.ALL, from, LITTLE_ENDIAN)
            .convertShape(B2F, FLOATS, 0);
  }

  private static FloatVector all(long from) {
    return FloatVector.broadcast(FLOATS, Memory.ALL.get(ValueLayout.JAVA_FLOAT, from));
  }

  private static void put(FloatVector sum, long scales, boolean add, long to) {
    var scaled = add ? sum.fma(floats(scales), floats(to)) : sum.mul(floats(scales));
    scaled.intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
  }

  private static void one(long x, int depth, long w, long scales, boolean add, long to) {
    var a = FloatVector.zero(FLOATS);
    var b = FloatVector.zero(FLOATS);
    for (long k = 0; k < depth; k++) {
      var value = all(x + 4 * k);
      a = weights(w + k * STRIP).fma(value, a);
      b = weights(w + k * STRIP + LANES).fma(value, b);
    }
    put(a, scales, add, to);
    put(b, scales + HALF, add, to + HALF);
  }

  /// One row's sums alone would wait for each other: two strips at a time.
  private static void oneByTwo(
      long x, int depth, long w, long next, long scales, boolean add, long to) {
    var a = FloatVector.zero(FLOATS);
    var b = FloatVector.zero(FLOATS);
    var c = FloatVector.zero(FLOATS);
    var d = FloatVector.zero(FLOATS);
    for (long k = 0; k < depth; k++) {
      var value = all(x + 4 * k);
      a = weights(w + k * STRIP).fma(value, a);
      b = weights(w + k * STRIP + LANES).fma(value, b);
      c = weights(next + k * STRIP).fma(value, c);
      d = weights(next + k * STRIP + LANES).fma(value, d);
    }
    put(a, scales, add, to);
    put(b, scales + HALF, add, to + HALF);
    put(c, scales + 2 * HALF, add, to + 2 * HALF);
    put(d, scales + 3 * HALF, add, to + 3 * HALF);
  }

  private static void two(
      long x, long stride, int depth, long w, long scales, boolean add, long to, long toStride) {
    var a0 = FloatVector.zero(FLOATS);
    var b0 = FloatVector.zero(FLOATS);
    var a1 = FloatVector.zero(FLOATS);
    var b1 = FloatVector.zero(FLOATS);
    for (long k = 0; k < depth; k++) {
      var left = weights(w + k * STRIP);
      var right = weights(w + k * STRIP + LANES);
      var x0 = all(x + 4 * k);
      var x1 = all(x + stride + 4 * k);
      a0 = left.fma(x0, a0);
      b0 = right.fma(x0, b0);
      a1 = left.fma(x1, a1);
      b1 = right.fma(x1, b1);
    }
    put(a0, scales, add, to);
    put(b0, scales + HALF, add, to + HALF);
    put(a1, scales, add, to + toStride);
    put(b1, scales + HALF, add, to + toStride + HALF);
  }

  private static void fourOfPanel(
      long x, long stride, int depth, long w, long scales, boolean add, long to, long toStride) {
    var a0 = FloatVector.zero(FLOATS);
    var b0 = FloatVector.zero(FLOATS);
    var a1 = FloatVector.zero(FLOATS);
    var b1 = FloatVector.zero(FLOATS);
    var a2 = FloatVector.zero(FLOATS);
    var b2 = FloatVector.zero(FLOATS);
    var a3 = FloatVector.zero(FLOATS);
    var b3 = FloatVector.zero(FLOATS);
    for (long k = 0; k < depth; k++) {
      long from = w + k * 2 * HALF;
      var left = floats(from);
      var right = floats(from + HALF);
      long at = x + 4 * k;
      var x0 = all(at);
      a0 = left.fma(x0, a0);
      b0 = right.fma(x0, b0);
      var x1 = all(at + stride);
      a1 = left.fma(x1, a1);
      b1 = right.fma(x1, b1);
      var x2 = all(at + 2 * stride);
      a2 = left.fma(x2, a2);
      b2 = right.fma(x2, b2);
      var x3 = all(at + 3 * stride);
      a3 = left.fma(x3, a3);
      b3 = right.fma(x3, b3);
    }
    put(a0, scales, add, to);
    put(b0, scales + HALF, add, to + HALF);
    put(a1, scales, add, to + toStride);
    put(b1, scales + HALF, add, to + toStride + HALF);
    put(a2, scales, add, to + 2 * toStride);
    put(b2, scales + HALF, add, to + 2 * toStride + HALF);
    put(a3, scales, add, to + 3 * toStride);
    put(b3, scales + HALF, add, to + 3 * toStride + HALF);
  }
}
