package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.VectorRows.FLOATS;
import static dev.luthier.engine.kernel.VectorRows.LANES;
import static dev.luthier.engine.kernel.VectorRows.floats;
import static dev.luthier.engine.kernel.VectorRows.put;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.MAX;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// Attention of single rows to keys and values in bf16, sums in fp32, with vectors of any length.
///
/// A row of bf16 is read as ints of two elements: the even ones shifted up, the odd ones masked. So
/// the query is taken apart into even and odd elements first, and the result put together last. One
/// thread at a time.
public final class VectorAttention {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  /// Keys whose products with the query are summed over the lanes after all of them.
  private static final int BLOCK = 64;

  /// Keys whose lanes are summed at once.
  private static final int SUMS = 8;

  private static final long VECTOR = FLOATS.vectorByteSize();
  private static final VectorMask<Float> UPPER_4 = upper(4);
  private static final VectorMask<Float> UPPER_2 = upper(2);
  private static final VectorMask<Float> UPPER_1 = upper(1);

  private final int half;
  private final float scale;
  private final long even; // fp32 [half]
  private final long odd;
  private final long weights; // fp32 [positions]
  private final long partial; // fp32 [BLOCK, LANES]

  /// @param headDim a multiple of twice the lanes
  public VectorAttention(Memory memory, int headDim, int positions) {
    this.half = headDim / 2;
    this.scale = (float) (1 / Math.sqrt(headDim));
    this.even = memory.allocate(half * 4L);
    this.odd = memory.allocate(half * 4L);
    this.weights = memory.allocate(((long) positions + LANES) * 4);
    this.partial = memory.allocate(BLOCK * VECTOR);
  }

  private static VectorMask<Float> upper(int distance) {
    var lanes = new boolean[LANES];
    for (int lane = 0; lane < LANES; lane++) {
      lanes[lane] = (lane & distance) != 0;
    }
    return VectorMask.fromValues(FLOATS, lanes);
  }

  /// What a query [D] sees of the first `seen` keys and values: out [D], both fp32.
  public void attend(long query, int seen, Strided keys, Strided values, long out) {
    for (long i = 0; i < half; i++) {
      Lanes.putFp32(even + 4 * i, scale * Lanes.fp32(query + 8 * i));
      Lanes.putFp32(odd + 4 * i, scale * Lanes.fp32(query + 8 * i + 4));
    }
    scores(keys.address(), keys.stride() * 2, seen);
    float inverse = 1 / exponentials(largest(seen), seen);
    for (int c = 0; c < half; c += LANES) {
      gather(values.address() + 4L * c, values.stride() * 2, seen, even + 4L * c, odd + 4L * c);
    }
    for (long i = 0; i < half; i++) {
      Lanes.putFp32(out + 8 * i, inverse * Lanes.fp32(even + 4 * i));
      Lanes.putFp32(out + 8 * i + 4, inverse * Lanes.fp32(odd + 4 * i));
    }
  }

  /// Scores of all keys, and behind them what changes no maximum.
  private void scores(long keys, long stride, int seen) {
    for (int first = 0; first < seen; first += BLOCK) {
      int count = Math.min(BLOCK, seen - first);
      Memory.segment(partial, BLOCK * VECTOR).fill((byte) 0);
      for (long c = 0; c < 4L * half; c += VECTOR) {
        products(keys + first * stride + c, stride, count, even + c, odd + c);
      }
      for (int key = 0; key < count; key += SUMS) {
        put(sums(partial + key * VECTOR), weights + 4L * (first + key));
      }
    }
    for (long i = seen; i % LANES > 0; i++) {
      Lanes.putFp32(weights + 4 * i, Float.NEGATIVE_INFINITY);
    }
  }

  /// Adds the products of two vectors of the query with as much of each key.
  private void products(long keys, long stride, int count, long evens, long odds) {
    var e = floats(evens);
    var o = floats(odds);
    for (int key = 0; key < count; key++) {
      var pairs = IntVector.fromMemorySegment(INTS, Memory.ALL, keys + key * stride, LITTLE_ENDIAN);
      long sum = partial + key * VECTOR;
      var even = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(e, floats(sum));
      put(pairs.and(Lanes.HIGH).reinterpretAsFloats().fma(o, even), sum);
    }
  }

  /// The sums of eight vectors' lanes, in the first eight lanes.
  private static FloatVector sums(long partial) {
    var s04 = folded(lanes(partial, 0), lanes(partial, 4), VectorRows.SWAP_4, UPPER_4);
    var s26 = folded(lanes(partial, 2), lanes(partial, 6), VectorRows.SWAP_4, UPPER_4);
    var s15 = folded(lanes(partial, 1), lanes(partial, 5), VectorRows.SWAP_4, UPPER_4);
    var s37 = folded(lanes(partial, 3), lanes(partial, 7), VectorRows.SWAP_4, UPPER_4);
    var s0246 = folded(s04, s26, VectorRows.SWAP_2, UPPER_2);
    var s1357 = folded(s15, s37, VectorRows.SWAP_2, UPPER_2);
    return folded(s0246, s1357, VectorRows.SWAP_1, UPPER_1);
  }

  private static FloatVector lanes(long partial, int key) {
    var sum = floats(partial + key * VECTOR);
    return LANES > SUMS ? sum.add(sum.rearrange(VectorRows.SWAP_8)) : sum;
  }

  /// Lanes of `a` plus their partners `swap` lanes away, and in the upper ones of each such pair
  /// those of `b`: after distances of 4, 2 and 1 each lane has the sum of another vector.
  private static FloatVector folded(
      FloatVector a, FloatVector b, VectorShuffle<Float> swap, VectorMask<Float> upper) {
    return a.blend(b, upper).add(b.blend(a, upper).rearrange(swap));
  }

  /// The largest score.
  private float largest(int seen) {
    var largest = floats(weights);
    for (long i = LANES; i < seen; i += LANES) {
      largest = largest.max(floats(weights + 4 * i));
    }
    return largest.reduceLanes(MAX);
  }

  /// Scores become their exponentials; the sum of those.
  private float exponentials(float largest, int seen) {
    var sum = FloatVector.zero(FLOATS);
    int whole = seen - seen % LANES;
    for (long i = 0; i < whole; i += LANES) {
      var e = VectorRows.exp(floats(weights + 4 * i).sub(largest).max(-87));
      put(e, weights + 4 * i);
      sum = sum.add(e);
    }
    float total = VectorRows.sum(sum);
    for (long i = whole; i < seen; i++) {
      float e = Exp.of(Math.max(Lanes.fp32(weights + 4 * i) - largest, -87));
      Lanes.putFp32(weights + 4 * i, e);
      total += e;
    }
    return total;
  }

  /// The weighted sum of a vector of pairs of all values.
  private void gather(long values, long stride, int seen, long evens, long odds) {
    var even0 = FloatVector.zero(FLOATS);
    var odd0 = FloatVector.zero(FLOATS);
    var even1 = FloatVector.zero(FLOATS);
    var odd1 = FloatVector.zero(FLOATS);
    long i = 0;
    for (; i + 2 <= seen; i += 2) {
      var first = IntVector.fromMemorySegment(INTS, Memory.ALL, values + i * stride, LITTLE_ENDIAN);
      var second =
          IntVector.fromMemorySegment(INTS, Memory.ALL, values + (i + 1) * stride, LITTLE_ENDIAN);
      var w0 = FloatVector.broadcast(FLOATS, Lanes.fp32(weights + 4 * i));
      var w1 = FloatVector.broadcast(FLOATS, Lanes.fp32(weights + 4 * i + 4));
      even0 = first.lanewise(LSHL, 16).reinterpretAsFloats().fma(w0, even0);
      odd0 = first.and(Lanes.HIGH).reinterpretAsFloats().fma(w0, odd0);
      even1 = second.lanewise(LSHL, 16).reinterpretAsFloats().fma(w1, even1);
      odd1 = second.and(Lanes.HIGH).reinterpretAsFloats().fma(w1, odd1);
    }
    if (i < seen) {
      var last = IntVector.fromMemorySegment(INTS, Memory.ALL, values + i * stride, LITTLE_ENDIAN);
      var w = FloatVector.broadcast(FLOATS, Lanes.fp32(weights + 4 * i));
      even0 = last.lanewise(LSHL, 16).reinterpretAsFloats().fma(w, even0);
      odd0 = last.and(Lanes.HIGH).reinterpretAsFloats().fma(w, odd0);
    }
    put(even0.add(even1), evens);
    put(odd0.add(odd1), odds);
  }
}
