package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.Lanes.FLOATS;
import static dev.luthier.engine.kernel.Lanes.HALF;
import static dev.luthier.engine.kernel.Lanes.HIGH;
import static dev.luthier.engine.kernel.Lanes.INTS;
import static dev.luthier.engine.kernel.Lanes.ORDER;
import static dev.luthier.engine.kernel.Memory.ALL;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.UMIN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The gated unit of Llama's feed-forward block (Shazeer 2020), on bf16 rows.
///
/// h = silu(gate) * up with silu(e) = e * sigmoid(e), computed in fp32 and rounded once. Strides
/// count elements, so gate and up may be halves of one row.
public final class SwiGlu {
  // The bits of 87 and -87, between which exp(-gate) is taken. As signed numbers all floats up to
  // 87 are at most the first, as unsigned ones all down to -87 at most the second: two integer
  // minima clamp, where those of floats would cost several instructions each.
  private static final int MOST = 0x42ae0000;
  private static final int LEAST = 0xc2ae0000;

  // exp(-r) = 1 - r + r^2 (C2 + C3 r + C4 r^2 + C5 r^3), to 1.1e-7: plenty for 16 bits.
  private static final float C2 = 0x1.fffdfcp-2f;
  private static final float C3 = -0x1.5557aep-3f;
  private static final float C4 = 0x1.572a06p-5f;
  private static final float C5 = -0x1.10627ap-7f;

  /// Elements that are computed at a time.
  private static final int PIECE = 32;

  private static final long PIECE_BYTES = 2L * PIECE;

  /// Pieces of a row that is too short to be gone along.
  private static final int NARROW = 8;

  private SwiGlu() {}

  /// Pieces of a matrix, `step` bytes from one to the next: along row `index`, or down a strip.
  private record Line(long address, long step) {
    static Line of(Strided rows, int index, boolean down) {
      return down
          ? new Line(rows.address() + index * PIECE_BYTES, 2 * rows.stride())
          : new Line(rows.from(index, 2).address(), PIECE_BYTES);
    }
  }

  /// A loop along rows of a narrow tile ends before it has begun.
  private static boolean goesDown(int rows, int pieces) {
    return pieces <= NARROW && pieces < rows;
  }

  /// h of gate and up, each [rows,columns]. h may be gate or up.
  public static void forward(Strided h, Strided gate, Strided up, int rows, int columns) {
    int pieces = columns / PIECE;
    boolean down = goesDown(rows, pieces);
    for (int i = 0; i < (down ? pieces : rows); i++) {
      int count = down ? rows : pieces;
      forward(Line.of(h, i, down), Line.of(gate, i, down), Line.of(up, i, down), count);
    }
    for (int row = 0; pieces * PIECE < columns && row < rows; row++) {
      long to = h.from(row, 2).address();
      long from = gate.from(row, 2).address();
      forwardEnd(to, from, up.from(row, 2).address(), pieces * PIECE, columns);
    }
  }

  /// From dh, gate and up: h once more, and the gradients. With s = sigmoid(gate) and f = gate * s:
  /// h = f * up, dUp = dh * f, dGate = dh * up * s * (1 + gate * (1 - s)). All [rows,columns]. Each
  /// of the three results may overwrite any of the three inputs, element upon element.
  public static void backward(
      Strided h,
      Strided dGate,
      Strided dUp,
      Strided dh,
      Strided gate,
      Strided up,
      int rows,
      int columns) {
    int pieces = columns / PIECE;
    boolean down = goesDown(rows, pieces);
    for (int i = 0; i < (down ? pieces : rows); i++) {
      backward(
          Line.of(h, i, down),
          Line.of(dGate, i, down),
          Line.of(dUp, i, down),
          Line.of(dh, i, down),
          Line.of(gate, i, down),
          Line.of(up, i, down),
          down ? rows : pieces);
    }
    for (int row = 0; pieces * PIECE < columns && row < rows; row++) {
      backwardEnd(
          h.from(row, 2).address(),
          dGate.from(row, 2).address(),
          dUp.from(row, 2).address(),
          dh.from(row, 2).address(),
          gate.from(row, 2).address(),
          up.from(row, 2).address(),
          pieces * PIECE,
          columns);
    }
  }

  private static void forward(Line h, Line gate, Line up, int count) {
    long hAt = h.address();
    long gateAt = gate.address();
    long upAt = up.address();
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var most = IntVector.broadcast(INTS, MOST);
    var least = IntVector.broadcast(INTS, LEAST);
    var scale = FloatVector.broadcast(FLOATS, -Exp.LOG2_E);
    var magic = FloatVector.broadcast(FLOATS, Exp.MAGIC);
    var ln2 = FloatVector.broadcast(FLOATS, Exp.LN2_HIGH);
    var c5 = FloatVector.broadcast(FLOATS, C5);
    var c4 = FloatVector.broadcast(FLOATS, C4);
    var c3 = FloatVector.broadcast(FLOATS, C3);
    var c2 = FloatVector.broadcast(FLOATS, C2);
    var c1 = FloatVector.broadcast(FLOATS, -1);
    var c0 = FloatVector.broadcast(FLOATS, 1);
    for (int i = 0; i < count; i++) {
      var e = IntVector.fromMemorySegment(INTS, ALL, gateAt, ORDER);
      var e0 = e.lanewise(LSHL, 16).reinterpretAsFloats();
      var e1 = e.and(high).reinterpretAsFloats();
      var g = IntVector.fromMemorySegment(INTS, ALL, upAt, ORDER);
      var g0 = g.lanewise(LSHL, 16).reinterpretAsFloats();
      var g1 = g.and(high).reinterpretAsFloats();
      var x0 = e0.reinterpretAsInts().min(most).lanewise(UMIN, least).reinterpretAsFloats();
      var t0 = x0.fma(scale, magic);
      var r0 = t0.sub(magic).fma(ln2, x0);
      var p0 = r0.fma(c5, c4).fma(r0, c3).fma(r0, c2).fma(r0, c1).fma(r0, c0);
      var a0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(LSHL, 23));
      var x1 = e1.reinterpretAsInts().min(most).lanewise(UMIN, least).reinterpretAsFloats();
      var t1 = x1.fma(scale, magic);
      var r1 = t1.sub(magic).fma(ln2, x1);
      var p1 = r1.fma(c5, c4).fma(r1, c3).fma(r1, c2).fma(r1, c1).fma(r1, c0);
      var a1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(LSHL, 23));
      var h0 = e0.mul(g0).div(a0.reinterpretAsFloats().add(c0));
      var h1 = e1.mul(g1).div(a1.reinterpretAsFloats().add(c0));
      var h0Bits = h0.reinterpretAsInts();
      var h1Bits = h1.reinterpretAsInts();
      h0Bits = h0Bits.add(h0Bits.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      h1Bits = h1Bits.add(h1Bits.lanewise(LSHR, 16).and(one)).add(half).and(high);
      h0Bits.or(h1Bits).intoMemorySegment(ALL, hAt, ORDER);
      hAt += h.step();
      gateAt += gate.step();
      upAt += up.step();
    }
  }

  private static void forwardEnd(long h, long gate, long up, int from, int columns) {
    for (int i = from; i < columns; i++) {
      float e = Lanes.bf16(gate + 2L * i);
      Lanes.putBf16(h + 2L * i, e * Exp.sigmoid(e) * Lanes.bf16(up + 2L * i));
    }
  }

  private static void backward(
      Line h, Line dGate, Line dUp, Line dh, Line gate, Line up, int count) {
    long hAt = h.address();
    long dGateAt = dGate.address();
    long dUpAt = dUp.address();
    long dhAt = dh.address();
    long gateAt = gate.address();
    long upAt = up.address();
    var high = IntVector.broadcast(INTS, HIGH);
    var half = IntVector.broadcast(INTS, HALF);
    var one = IntVector.broadcast(INTS, 1);
    var most = IntVector.broadcast(INTS, MOST);
    var least = IntVector.broadcast(INTS, LEAST);
    var scale = FloatVector.broadcast(FLOATS, -Exp.LOG2_E);
    var magic = FloatVector.broadcast(FLOATS, Exp.MAGIC);
    var ln2 = FloatVector.broadcast(FLOATS, Exp.LN2_HIGH);
    var c5 = FloatVector.broadcast(FLOATS, C5);
    var c4 = FloatVector.broadcast(FLOATS, C4);
    var c3 = FloatVector.broadcast(FLOATS, C3);
    var c2 = FloatVector.broadcast(FLOATS, C2);
    var c1 = FloatVector.broadcast(FLOATS, -1);
    var c0 = FloatVector.broadcast(FLOATS, 1);
    for (int i = 0; i < count; i++) {
      var e = IntVector.fromMemorySegment(INTS, ALL, gateAt, ORDER);
      var e0 = e.lanewise(LSHL, 16).reinterpretAsFloats();
      var e1 = e.and(high).reinterpretAsFloats();
      var g = IntVector.fromMemorySegment(INTS, ALL, upAt, ORDER);
      var g0 = g.lanewise(LSHL, 16).reinterpretAsFloats();
      var g1 = g.and(high).reinterpretAsFloats();
      var d = IntVector.fromMemorySegment(INTS, ALL, dhAt, ORDER);
      var d0 = d.lanewise(LSHL, 16).reinterpretAsFloats();
      var d1 = d.and(high).reinterpretAsFloats();
      var x0 = e0.reinterpretAsInts().min(most).lanewise(UMIN, least).reinterpretAsFloats();
      var t0 = x0.fma(scale, magic);
      var r0 = t0.sub(magic).fma(ln2, x0);
      var p0 = r0.fma(c5, c4).fma(r0, c3).fma(r0, c2).fma(r0, c1).fma(r0, c0);
      var a0 = p0.reinterpretAsInts().add(t0.reinterpretAsInts().lanewise(LSHL, 23));
      var x1 = e1.reinterpretAsInts().min(most).lanewise(UMIN, least).reinterpretAsFloats();
      var t1 = x1.fma(scale, magic);
      var r1 = t1.sub(magic).fma(ln2, x1);
      var p1 = r1.fma(c5, c4).fma(r1, c3).fma(r1, c2).fma(r1, c1).fma(r1, c0);
      var a1 = p1.reinterpretAsInts().add(t1.reinterpretAsInts().lanewise(LSHL, 23));
      var s0 = c0.div(a0.reinterpretAsFloats().add(c0));
      var s1 = c0.div(a1.reinterpretAsFloats().add(c0));
      var f0 = e0.mul(s0);
      var f1 = e1.mul(s1);
      var h0 = f0.mul(g0);
      var h1 = f1.mul(g1);
      var u0 = f0.mul(d0);
      var u1 = f1.mul(d1);
      var v0 = s0.neg().fma(f0, s0.add(f0)).mul(d0.mul(g0)); // s + f - s f = s (1 + e (1 - s))
      var v1 = s1.neg().fma(f1, s1.add(f1)).mul(d1.mul(g1));
      var h0Bits = h0.reinterpretAsInts();
      var h1Bits = h1.reinterpretAsInts();
      h0Bits = h0Bits.add(h0Bits.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      h1Bits = h1Bits.add(h1Bits.lanewise(LSHR, 16).and(one)).add(half).and(high);
      h0Bits.or(h1Bits).intoMemorySegment(ALL, hAt, ORDER);
      var u0Bits = u0.reinterpretAsInts();
      var u1Bits = u1.reinterpretAsInts();
      u0Bits = u0Bits.add(u0Bits.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      u1Bits = u1Bits.add(u1Bits.lanewise(LSHR, 16).and(one)).add(half).and(high);
      u0Bits.or(u1Bits).intoMemorySegment(ALL, dUpAt, ORDER);
      var v0Bits = v0.reinterpretAsInts();
      var v1Bits = v1.reinterpretAsInts();
      v0Bits = v0Bits.add(v0Bits.lanewise(LSHR, 16).and(one)).add(half).lanewise(LSHR, 16);
      v1Bits = v1Bits.add(v1Bits.lanewise(LSHR, 16).and(one)).add(half).and(high);
      v0Bits.or(v1Bits).intoMemorySegment(ALL, dGateAt, ORDER);
      hAt += h.step();
      dGateAt += dGate.step();
      dUpAt += dUp.step();
      dhAt += dh.step();
      gateAt += gate.step();
      upAt += up.step();
    }
  }

  private static void backwardEnd(
      long h, long dGate, long dUp, long dh, long gate, long up, int from, int columns) {
    for (int i = from; i < columns; i++) {
      float e = Lanes.bf16(gate + 2L * i);
      float g = Lanes.bf16(up + 2L * i);
      float d = Lanes.bf16(dh + 2L * i);
      float s = Exp.sigmoid(e);
      float f = e * s;
      Lanes.putBf16(h + 2L * i, f * g);
      Lanes.putBf16(dUp + 2L * i, d * f);
      Lanes.putBf16(dGate + 2L * i, d * g * (s + f - s * f));
    }
  }
}
