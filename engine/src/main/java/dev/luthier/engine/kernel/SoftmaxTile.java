package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// The softmax over a vocabulary, block by block of 64 logits while a product's tile is in the
/// cache: each block keeps exponentials relative to its own largest logit in bf16, and that largest
/// and their sum in fp32. So each exponential is computed once, and logits are never written down.
///
/// A row's statistics lie `blocks` floats side by side, padded to a multiple of 16 by blocks whose
/// largest is minus infinity and whose sum is 0.
public final class SoftmaxTile {
  /// Columns of a block.
  public static final int BLOCK = 64;

  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
  private static final FloatVector MAGIC = FloatVector.broadcast(FLOATS, Exp.MAGIC);
  private static final FloatVector ONE = FloatVector.broadcast(FLOATS, 1);
  private static final int LANES = 16;

  /// Exponentials of what lies lower count as if it lay here: e^-87 is nearly the least there is.
  private static final float LOWEST = -87f;

  /// The bits of [Exp#MAGIC] with the least exponent added.
  private static final int LEAST = Float.floatToRawIntBits(Exp.MAGIC) - 126;

  /// The logit of what is no token: far below any that a model gives, and so near that its distance
  /// to them in powers of two is still exact.
  private static final float MASKED = -1e6f;

  private SoftmaxTile() {}

  /// Makes columns `columns` to 63 of a tile fp32 [rows,64] count nothing.
  public static void mask(long tile, int rows, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = columns; c < BLOCK; c++) {
        long place = tile + ((long) r * BLOCK + c) * 4;
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, place, MASKED);
      }
    }
  }

  /// Notes the logits of those rows whose target (int32 [rows]) lies in columns `first` to `first +
  /// 63`, in `logits` fp32 [rows].
  public static void pick(long tile, int rows, int first, long targets, long logits) {
    for (int r = 0; r < rows; r++) {
      int column = Memory.ALL.get(ValueLayout.JAVA_INT, targets + 4L * r) - first;
      if (column >= 0 && column < BLOCK) {
        float logit =
            Memory.ALL.get(ValueLayout.JAVA_FLOAT, tile + ((long) r * BLOCK + column) * 4);
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, logits + 4L * r, logit);
      }
    }
  }

  /// From a tile fp32 [rows,64] of at most 128 rows: e = exp(logit - largest) in bf16, each row's
  /// largest and sum of exponentials to the floats at `largest` and `sums`, `statStride` from row
  /// to row.
  ///
  /// Three loops down the rows: what a row needs of constants is then loaded once, and no row waits
  /// for the sum of the one before.
  public static void exponentials(
      Workspace space,
      long tile,
      int rows,
      long e,
      long eStride,
      long largest,
      long sums,
      long statStride) {
    long statBytes = statStride * Float.BYTES;
    long half = (long) rows * LANES * Float.BYTES;
    largest(tile, rows, largest, statBytes);
    exponentials(tile, rows, e, eStride * Short.BYTES, largest, statBytes, space.pairs);
    exponentials(
        tile + 2 * LANES * Float.BYTES,
        rows,
        e + 2 * LANES * Short.BYTES,
        eStride * Short.BYTES,
        largest,
        statBytes,
        space.pairs + half);
    sum(space.pairs, space.pairs + half, rows, sums, statBytes);
  }

  /// As whole numbers: the processor's maximum of floats is not Java's, which takes six steps.
  private static void largest(long tile, int rows, long to, long toBytes) {
    for (long r = 0; r < rows; r++) {
      long row = tile + r * BLOCK * Float.BYTES;
      int most =
          ordered(row)
              .max(ordered(row + 64))
              .max(ordered(row + 128).max(ordered(row + 192)))
              .reduceLanes(VectorOperators.MAX);
      float max = Float.intBitsToFloat(most ^ (most >> 31 >>> 1));
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, to + r * toBytes, max);
    }
  }

  /// 16 floats as integers of the same order.
  private static IntVector ordered(long at) {
    var bits = IntVector.fromMemorySegment(INTS, Memory.ALL, at, LITTLE_ENDIAN);
    return bits.lanewise(VectorOperators.ASHR, 31)
        .lanewise(VectorOperators.LSHR, 1)
        .lanewise(VectorOperators.XOR, bits);
  }

  /// 32 columns, written out, as the compiler's budget for a method is small: as [Exp] says, with
  /// what lies below 2^-126 held there. `halfSums` are fp32 [rows,16].
  private static void exponentials(
      long tile, int rows, long e, long eBytes, long largest, long statBytes, long halfSums) {
    var log2e = FloatVector.broadcast(FLOATS, Exp.LOG2_E);
    var ln2 = FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH);
    var c6 = FloatVector.broadcast(FLOATS, Exp.C6);
    var c5 = FloatVector.broadcast(FLOATS, Exp.C5);
    var c4 = FloatVector.broadcast(FLOATS, Exp.C4);
    var c3 = FloatVector.broadcast(FLOATS, Exp.C3);
    var c2 = FloatVector.broadcast(FLOATS, Exp.C2);
    for (long row = 0; row < rows; row++) {
      float max = Memory.ALL.get(ValueLayout.JAVA_FLOAT, largest + row * statBytes);
      long from = tile + row * BLOCK * Float.BYTES;
      var x = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from, LITTLE_ENDIAN).sub(max);
      var t = x.fma(log2e, MAGIC);
      var r = t.sub(MAGIC).fma(ln2, x);
      var p = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r, ONE).fma(r, ONE);
      var first =
          p.reinterpretAsInts()
              .add(t.reinterpretAsInts().max(LEAST).lanewise(VectorOperators.LSHL, Exp.EXPONENT));
      x = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, from + 64, LITTLE_ENDIAN).sub(max);
      t = x.fma(log2e, MAGIC);
      r = t.sub(MAGIC).fma(ln2, x);
      p = r.fma(c6, c5).fma(r, c4).fma(r, c3).fma(r, c2).fma(r, ONE).fma(r, ONE);
      var second =
          p.reinterpretAsInts()
              .add(t.reinterpretAsInts().max(LEAST).lanewise(VectorOperators.LSHL, Exp.EXPONENT));
      first
          .reinterpretAsFloats()
          .add(second.reinterpretAsFloats())
          .intoMemorySegment(Memory.ALL, halfSums + row * 64, LITTLE_ENDIAN);
      Tile.UPPER_HALVES
          .selectFrom(
              first.add(0x8000).reinterpretAsShorts(), second.add(0x8000).reinterpretAsShorts())
          .intoMemorySegment(Memory.ALL, e + row * eBytes, LITTLE_ENDIAN);
    }
  }

  private static void sum(long halves, long others, int rows, long to, long toBytes) {
    for (long r = 0; r < rows; r++) {
      float sum =
          Lanes.sum(
              FloatVector.fromMemorySegment(FLOATS, Memory.ALL, halves + r * 64, LITTLE_ENDIAN)
                  .add(
                      FloatVector.fromMemorySegment(
                          FLOATS, Memory.ALL, others + r * 64, LITTLE_ENDIAN)));
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, to + r * toBytes, sum);
    }
  }

  /// As [Exp] says; x at most 0.
  private static FloatVector exp(FloatVector x) {
    var held = x.max(LOWEST);
    var t = held.fma(FloatVector.broadcast(FLOATS, Exp.LOG2_E), MAGIC);
    var n = t.sub(MAGIC);
    var r = n.fma(FloatVector.broadcast(FLOATS, -Exp.LN2_HIGH), held);
    var p = r.fma(FloatVector.broadcast(FLOATS, Exp.C6), FloatVector.broadcast(FLOATS, Exp.C5));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C4));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C3));
    p = p.fma(r, FloatVector.broadcast(FLOATS, Exp.C2));
    p = p.fma(r, ONE);
    p = p.fma(r, ONE);
    var exponent = t.reinterpretAsInts().lanewise(VectorOperators.LSHL, Exp.EXPONENT);
    return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
  }

  /// Puts a row's blocks together. `stats` of `blocks` floats (a multiple of 16); writes for each
  /// block the factor that makes its exponentials `factor` times probabilities, and gives back the
  /// logarithm of the whole sum.
  public static double combine(long largest, long sums, long factors, int blocks, double factor) {
    float max = max(largest, blocks);
    var total = FloatVector.zero(FLOATS);
    for (long b = 0; b < blocks; b += LANES) {
      var m = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, largest + b * 4, LITTLE_ENDIAN);
      var s = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, sums + b * 4, LITTLE_ENDIAN);
      var scale = exp(m.sub(max));
      scale.intoMemorySegment(Memory.ALL, factors + b * 4, LITTLE_ENDIAN);
      total = scale.fma(s, total);
    }
    float sum = Lanes.sum(total);
    float to = (float) (factor / sum);
    for (long b = 0; b < blocks; b += LANES) {
      FloatVector.fromMemorySegment(FLOATS, Memory.ALL, factors + b * 4, LITTLE_ENDIAN)
          .mul(to)
          .intoMemorySegment(Memory.ALL, factors + b * 4, LITTLE_ENDIAN);
    }
    return max + Math.log(sum);
  }

  /// The largest of `count` floats, a multiple of 16.
  public static float max(long values, int count) {
    var max = FloatVector.broadcast(FLOATS, Float.NEGATIVE_INFINITY);
    for (long i = 0; i < count; i += LANES) {
      max =
          max.max(FloatVector.fromMemorySegment(FLOATS, Memory.ALL, values + i * 4, LITTLE_ENDIAN));
    }
    return max.reduceLanes(VectorOperators.MAX);
  }

  /// e = e * factor in bf16, for `blocks` blocks of each row; a row's factors begin at `factors`,
  /// `statStride` floats from row to row.
  public static void scale(
      long e, long eStride, int rows, int blocks, long factors, long statStride) {
    for (long r = 0; r < rows; r++) {
      for (long b = 0; b < blocks; b++) {
        float factor = Memory.ALL.get(ValueLayout.JAVA_FLOAT, factors + (r * statStride + b) * 4);
        scale(e + (r * eStride + b * BLOCK) * 2, factor);
      }
    }
  }

  private static void scale(long e, float factor) {
    for (long c = 0; c < 2 * BLOCK; c += 64) { // bytes: two elements a lane, even below odd
      var pairs = IntVector.fromMemorySegment(INTS, Memory.ALL, e + c, LITTLE_ENDIAN);
      var even = pairs.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().mul(factor);
      var odd = pairs.and(0xffff0000).reinterpretAsFloats().mul(factor);
      var low = even.reinterpretAsInts().add(0x8000).lanewise(VectorOperators.LSHR, 16);
      var high = odd.reinterpretAsInts().add(0x8000).and(0xffff0000);
      low.or(high).intoMemorySegment(Memory.ALL, e + c, LITTLE_ENDIAN);
    }
  }

  /// Sets the gradients of target logits: e[r][target[r] - first] = bf16(values[r]) where the
  /// target lies in columns `first` to `first + columns - 1`.
  public static void setTargets(
      long e, long eStride, int rows, int first, int columns, long targets, long values) {
    for (long r = 0; r < rows; r++) {
      int column = Memory.ALL.get(ValueLayout.JAVA_INT, targets + 4 * r) - first;
      if (column >= 0 && column < columns) {
        int bits = Float.floatToRawIntBits(Memory.ALL.get(ValueLayout.JAVA_FLOAT, values + 4 * r));
        short rounded = (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
        Memory.ALL.set(ValueLayout.JAVA_SHORT, e + (r * eStride + column) * 2, rounded);
      }
    }
  }
}
