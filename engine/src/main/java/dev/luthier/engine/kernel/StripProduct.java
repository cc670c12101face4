package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.VectorRows.floats;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Products of fp32 rows with weights in bytes, on the calling thread, with vectors of any length.
///
/// Y [rows,n] = (add ? Y : 0) + scale (X W^T). A sum is fp32, over the depth in order, one fused
/// multiply-add an element, whichever of the loops below computes it: a row's result does not
/// depend on how many rows share the call.
///
/// Bytes become fp32 on their way into the sums, once for two rows: a strip's bytes stay in the
/// nearest caches for all pairs of rows, which its fp32 would not.
public final class StripProduct {
  private static final VectorSpecies<Float> FLOATS = StripOperand.FLOATS;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;
  private static final int STRIP = StripOperand.STRIP;
  private static final long VECTOR = FLOATS.vectorByteSize();
  private static final int TOP = 0xFF000000;
  private static final long ZEROS = Arena.global().allocate(STRIP * 4L, 64).address();

  private StripProduct() {}

  /// Channels [first, first + count) of Y = (add ? Y : 0) + X W^T. `first` is a multiple of a
  /// strip, `count` too unless the operand ends there. Y's rows have room for whole strips.
  ///
  /// @param x fp32 [rows,depth]
  /// @param y fp32 [rows,width]
  public static void multiply(
      int rows, Strided x, StripOperand w, int first, int count, boolean add, Strided y) {
    int end = (first + count + STRIP - 1) / STRIP;
    for (int strip = first / STRIP; strip < end; strip++) {
      int row = 0;
      for (; row + 2 <= rows; row += 2) {
        two(x, row, w, strip, add, y);
      }
      if (row < rows) {
        one(x, row, w, strip, add, y);
      }
    }
  }

  private static long at(Strided rows, int row) {
    return rows.address() + row * rows.stride() * Float.BYTES;
  }

  private static long at(Strided rows, int row, int strip) {
    return at(rows, row) + (long) strip * STRIP * Float.BYTES;
  }

  /// fp32 of each int's lowest byte, second, third or highest, times 2^24.
  private static FloatVector lowest(IntVector ints) {
    return widened(ints.lanewise(LSHL, 24));
  }

  private static FloatVector second(IntVector ints) {
    return widened(ints.lanewise(LSHL, 16).and(TOP));
  }

  private static FloatVector third(IntVector ints) {
    return widened(ints.lanewise(LSHL, 8).and(TOP));
  }

  private static FloatVector highest(IntVector ints) {
    return widened(ints.and(TOP));
  }

  private static FloatVector widened(IntVector ints) {
    return (FloatVector) ints.convertShape(I2F, FLOATS, 0);
  }

  private static IntVector ints(long from) {
    return IntVector.fromMemorySegment(INTS, Memory.ALL, from, LITTLE_ENDIAN);
  }

  private static FloatVector all(long from) {
    return FloatVector.broadcast(FLOATS, Memory.ALL.get(ValueLayout.JAVA_FLOAT, from));
  }

  /// What a sum is added to is read in either case: with a branch here the compiler no longer keeps
  /// the sums in registers, and the loops take twice as long.
  private static void put(FloatVector sum, long scales, long old, long to) {
    VectorRows.put(sum.fma(floats(scales), floats(old)), to);
  }

  private static void one(Strided x, int row, StripOperand w, int strip, boolean add, Strided y) {
    long left = at(x, row);
    long right = w.strip(strip);
    int depth = w.depth();
    var a = FloatVector.zero(FLOATS);
    var b = FloatVector.zero(FLOATS);
    var c = FloatVector.zero(FLOATS);
    var d = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k++) {
      var value = all(left + 4L * k);
      var bytes = ints(right + VECTOR * k);
      a = lowest(bytes).fma(value, a);
      b = second(bytes).fma(value, b);
      c = third(bytes).fma(value, c);
      d = highest(bytes).fma(value, d);
    }
    long scales = w.scales(strip);
    long to = at(y, row, strip);
    long old = add ? to : ZEROS;
    put(a, scales, old, to);
    put(b, scales + VECTOR, old + VECTOR, to + VECTOR);
    put(c, scales + 2 * VECTOR, old + 2 * VECTOR, to + 2 * VECTOR);
    put(d, scales + 3 * VECTOR, old + 3 * VECTOR, to + 3 * VECTOR);
  }

  private static void two(Strided x, int row, StripOperand w, int strip, boolean add, Strided y) {
    long left0 = at(x, row);
    long left1 = at(x, row + 1);
    long right = w.strip(strip);
    int depth = w.depth();
    var a0 = FloatVector.zero(FLOATS);
    var b0 = FloatVector.zero(FLOATS);
    var c0 = FloatVector.zero(FLOATS);
    var d0 = FloatVector.zero(FLOATS);
    var a1 = FloatVector.zero(FLOATS);
    var b1 = FloatVector.zero(FLOATS);
    var c1 = FloatVector.zero(FLOATS);
    var d1 = FloatVector.zero(FLOATS);
    for (int k = 0; k < depth; k++) {
      var x0 = all(left0 + 4L * k);
      var x1 = all(left1 + 4L * k);
      var bytes = ints(right + VECTOR * k);
      var a = lowest(bytes);
      a0 = a.fma(x0, a0);
      a1 = a.fma(x1, a1);
      var b = second(bytes);
      b0 = b.fma(x0, b0);
      b1 = b.fma(x1, b1);
      var c = third(bytes);
      c0 = c.fma(x0, c0);
      c1 = c.fma(x1, c1);
      var d = highest(bytes);
      d0 = d.fma(x0, d0);
      d1 = d.fma(x1, d1);
    }
    long scales = w.scales(strip);
    long to0 = at(y, row, strip);
    long to1 = at(y, row + 1, strip);
    long old0 = add ? to0 : ZEROS;
    long old1 = add ? to1 : ZEROS;
    put(a0, scales, old0, to0);
    put(b0, scales + VECTOR, old0 + VECTOR, to0 + VECTOR);
    put(c0, scales + 2 * VECTOR, old0 + 2 * VECTOR, to0 + 2 * VECTOR);
    put(d0, scales + 3 * VECTOR, old0 + 3 * VECTOR, to0 + 3 * VECTOR);
    put(a1, scales, old1, to1);
    put(b1, scales + VECTOR, old1 + VECTOR, to1 + VECTOR);
    put(c1, scales + 2 * VECTOR, old1 + 2 * VECTOR, to1 + 2 * VECTOR);
    put(d1, scales + 3 * VECTOR, old1 + 3 * VECTOR, to1 + 3 * VECTOR);
  }
}
