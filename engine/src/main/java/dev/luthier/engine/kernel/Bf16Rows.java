package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.HALF;
import static dev.luthier.engine.kernel.Lanes.HIGH;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Lanes.QUIET;
import static dev.luthier.engine.kernel.Lanes.SHORTS;
import static dev.luthier.engine.kernel.Lanes.WIDTH;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.I2S;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.NE;
import static jdk.incubator.vector.VectorOperators.ZERO_EXTEND_S2I;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;

/// Rows of bf16 from and to fp32. Rounding is to nearest, ties to even; a NaN stays a NaN.
///
/// Strides count elements of the row's own type. Fastest where columns are a multiple of 64: so are
/// the tiles that a matrix product leaves in the first-level cache.
public final class Bf16Rows {
  /// Columns of a tile.
  private static final int TILE = 64;

  private Bf16Rows() {}

  /// y bf16 = x fp32, both [rows,columns]. y may overlay x when both rows begin at one address.
  public static void fromFp32(long y, long yStride, long x, long xStride, int rows, int columns) {
    if (columns == TILE) {
      roundTile(y, 2 * yStride, x, 4 * xStride, rows);
    } else {
      for (int row = 0; row < rows; row++) {
        round(y + 2L * row * yStride, x + 4L * row * xStride, columns);
      }
    }
  }

  /// y bf16 = x fp32 * factor, both [rows,columns].
  public static void fromFp32Scaled(
      long y, long yStride, long x, long xStride, float factor, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      roundScaled(y + 2L * row * yStride, x + 4L * row * xStride, factor, columns);
    }
  }

  /// y bf16 = x fp32 + residual bf16, rounded once; all [rows,columns]. y may be the residual.
  public static void fromFp32Plus(
      long y,
      long yStride,
      long x,
      long xStride,
      long residual,
      long residualStride,
      int rows,
      int columns) {
    if (columns == TILE) {
      roundTilePlus(y, 2 * yStride, x, 4 * xStride, residual, 2 * residualStride, rows);
    } else {
      for (int row = 0; row < rows; row++) {
        long plus = residual + 2L * row * residualStride;
        roundPlus(y + 2L * row * yStride, x + 4L * row * xStride, plus, columns);
      }
    }
  }

  /// y fp32 = x bf16, both [rows,columns].
  public static void toFp32(long y, long yStride, long x, long xStride, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      widen(y + 4L * row * yStride, x + 2L * row * xStride, columns);
    }
  }

  /// y = a + b, all bf16 [rows,columns]. y may be a or b.
  public static void add(
      long y, long yStride, long a, long aStride, long b, long bStride, int rows, int columns) {
    for (int row = 0; row < rows; row++) {
      addRow(y + 2L * row * yStride, a + 2L * row * aStride, b + 2L * row * bStride, columns);
    }
  }

  /// A tile of 64 columns; strides in bytes.
  private static void roundTile(long y, long yBytes, long x, long xBytes, int rows) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var quiet = IntVector.broadcast(INTS, QUIET);
    for (int row = 0; row < rows; row++) {
      long from = x + row * xBytes;
      long to = y + row * yBytes;
      var f0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
      var b0 = f0.reinterpretAsInts();
      var f1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 64, ORDER);
      var b1 = f1.reinterpretAsInts();
      var f2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 128, ORDER);
      var b2 = f2.reinterpretAsInts();
      var f3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 192, ORDER);
      var b3 = f3.reinterpretAsInts();
      b0 =
          b0.add(b0.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b0.lanewise(LSHR, 16).or(quiet), f0.compare(NE, f0).cast(INTS));
      b1 =
          b1.add(b1.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b1.lanewise(LSHR, 16).or(quiet), f1.compare(NE, f1).cast(INTS));
      b2 =
          b2.add(b2.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b2.lanewise(LSHR, 16).or(quiet), f2.compare(NE, f2).cast(INTS));
      b3 =
          b3.add(b3.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b3.lanewise(LSHR, 16).or(quiet), f3.compare(NE, f3).cast(INTS));
      ((ShortVector) b0.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to, ORDER);
      ((ShortVector) b1.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 32, ORDER);
      ((ShortVector) b2.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 64, ORDER);
      ((ShortVector) b3.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 96, ORDER);
    }
  }

  private static void round(long y, long x, int columns) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var quiet = IntVector.broadcast(INTS, QUIET);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var f0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER);
      var f1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER);
      var b0 = f0.reinterpretAsInts();
      var b1 = f1.reinterpretAsInts();
      b0 =
          b0.add(b0.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b0.lanewise(LSHR, 16).or(quiet), f0.compare(NE, f0).cast(INTS));
      b1 =
          b1.add(b1.lanewise(LSHR, 16).and(one))
              .add(half)
              .lanewise(LSHR, 16)
              .blend(b1.lanewise(LSHR, 16).or(quiet), f1.compare(NE, f1).cast(INTS));
      ((ShortVector) b0.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, y + 2L * i, ORDER);
      ((ShortVector) b1.convertShape(I2S, SHORTS, 0))
          .intoMemorySegment(ALL, y + 2L * i + 32, ORDER);
    }
    for (; i < columns; i++) {
      Lanes.putBf16(y + 2L * i, Lanes.fp32(x + 4L * i));
    }
  }

  private static void roundScaled(long y, long x, float factor, int columns) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var times = FloatVector.broadcast(FLOATS, factor);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var f0 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER);
      var f1 = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i + 64, ORDER);
      var b0 = f0.mul(times).reinterpretAsInts();
      var b1 = f1.mul(times).reinterpretAsInts();
      b0 = b0.add(b0.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      b1 = b1.add(b1.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      ((ShortVector) b0.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, y + 2L * i, ORDER);
      ((ShortVector) b1.convertShape(I2S, SHORTS, 0))
          .intoMemorySegment(ALL, y + 2L * i + 32, ORDER);
    }
    for (; i < columns; i++) {
      Lanes.putBf16(y + 2L * i, Lanes.fp32(x + 4L * i) * factor);
    }
  }

  /// A tile of 64 columns and a residual; strides in bytes.
  private static void roundTilePlus(
      long y, long yBytes, long x, long xBytes, long residual, long residualBytes, int rows) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    for (int row = 0; row < rows; row++) {
      long from = x + row * xBytes;
      long plus = residual + row * residualBytes;
      long to = y + row * yBytes;
      var q0 = ShortVector.fromMemorySegment(SHORTS, ALL, plus, ORDER);
      var w0 = ((IntVector) q0.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var f0 = FloatVector.fromMemorySegment(FLOATS, ALL, from, ORDER);
      var b0 = f0.add(w0.reinterpretAsFloats()).reinterpretAsInts();
      var q1 = ShortVector.fromMemorySegment(SHORTS, ALL, plus + 32, ORDER);
      var w1 = ((IntVector) q1.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var f1 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 64, ORDER);
      var b1 = f1.add(w1.reinterpretAsFloats()).reinterpretAsInts();
      var q2 = ShortVector.fromMemorySegment(SHORTS, ALL, plus + 64, ORDER);
      var w2 = ((IntVector) q2.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var f2 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 128, ORDER);
      var b2 = f2.add(w2.reinterpretAsFloats()).reinterpretAsInts();
      var q3 = ShortVector.fromMemorySegment(SHORTS, ALL, plus + 96, ORDER);
      var w3 = ((IntVector) q3.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var f3 = FloatVector.fromMemorySegment(FLOATS, ALL, from + 192, ORDER);
      var b3 = f3.add(w3.reinterpretAsFloats()).reinterpretAsInts();
      b0 = b0.add(b0.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      b1 = b1.add(b1.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      b2 = b2.add(b2.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      b3 = b3.add(b3.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      ((ShortVector) b0.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to, ORDER);
      ((ShortVector) b1.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 32, ORDER);
      ((ShortVector) b2.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 64, ORDER);
      ((ShortVector) b3.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, to + 96, ORDER);
    }
  }

  private static void roundPlus(long y, long x, long residual, int columns) {
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    int i = 0;
    for (; i <= columns - WIDTH; i += WIDTH) {
      var q = ShortVector.fromMemorySegment(SHORTS, ALL, residual + 2L * i, ORDER);
      var w = ((IntVector) q.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      var f = FloatVector.fromMemorySegment(FLOATS, ALL, x + 4L * i, ORDER);
      var b = f.add(w.reinterpretAsFloats()).reinterpretAsInts();
      b = b.add(b.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      ((ShortVector) b.convertShape(I2S, SHORTS, 0)).intoMemorySegment(ALL, y + 2L * i, ORDER);
    }
    for (; i < columns; i++) {
      Lanes.putBf16(y + 2L * i, Lanes.fp32(x + 4L * i) + Lanes.bf16(residual + 2L * i));
    }
  }

  private static void widen(long y, long x, int columns) {
    int i = 0;
    for (; i <= columns - WIDTH; i += WIDTH) {
      var q = ShortVector.fromMemorySegment(SHORTS, ALL, x + 2L * i, ORDER);
      var w = ((IntVector) q.convertShape(ZERO_EXTEND_S2I, INTS, 0)).lanewise(LSHL, 16);
      w.intoMemorySegment(ALL, y + 4L * i, ORDER);
    }
    for (; i < columns; i++) {
      Lanes.putFp32(y + 4L * i, Lanes.bf16(x + 2L * i));
    }
  }

  private static void addRow(long y, long a, long b, int columns) {
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    int i = 0;
    for (; i <= columns - 32; i += 32) {
      var p = IntVector.fromMemorySegment(INTS, ALL, a + 2L * i, ORDER);
      var q = IntVector.fromMemorySegment(INTS, ALL, b + 2L * i, ORDER);
      var p0 = p.lanewise(LSHL, 16).reinterpretAsFloats();
      var p1 = p.and(high).reinterpretAsFloats();
      var q0 = q.lanewise(LSHL, 16).reinterpretAsFloats();
      var q1 = q.and(high).reinterpretAsFloats();
      var y0 = p0.add(q0).reinterpretAsInts();
      var y1 = p1.add(q1).reinterpretAsInts();
      y0 = y0.add(y0.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      y1 = y1.add(y1.lanewise(LSHR, 16).and(one)).add(half).and(high);
      y0.or(y1).intoMemorySegment(ALL, y + 2L * i, ORDER);
    }
    for (; i < columns; i++) {
      Lanes.putBf16(y + 2L * i, Lanes.bf16(a + 2L * i) + Lanes.bf16(b + 2L * i));
    }
  }
}
