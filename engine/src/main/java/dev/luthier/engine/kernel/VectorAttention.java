package dev.luthier.engine.kernel;

import static dev.luthier.engine.kernel.VectorRows.FLOATS;
import static dev.luthier.engine.kernel.VectorRows.LANES;
import static dev.luthier.engine.kernel.VectorRows.floats;
import static dev.luthier.engine.kernel.VectorRows.put;
import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.LSHL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/// Attention of single rows to keys and values in bf16, sums in fp32, with vectors of any length.
///
/// A row of bf16 is read as ints of two elements: the even ones shifted up, the odd ones masked. So
/// the query is taken apart into even and odd elements first, and the result put together last. One
/// thread at a time.
public final class VectorAttention {
  private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

  private final int half;
  private final float scale;
  private final long even; // fp32 [half]
  private final long odd;
  private final long weights; // fp32 [positions]

  /// @param headDim a multiple of twice the lanes
  public VectorAttention(Memory memory, int headDim, int positions) {
    this.half = headDim / 2;
    this.scale = (float) (1 / Math.sqrt(headDim));
    this.even = memory.allocate(half * 4L);
    this.odd = memory.allocate(half * 4L);
    this.weights = memory.allocate(((long) positions + LANES) * 4);
  }

  /// What a query [D] sees of the first `seen` keys and values: out [D], both fp32.
  public void attend(long query, int seen, Strided keys, Strided values, long out) {
    for (long i = 0; i < half; i++) {
      Lanes.putFp32(even + 4 * i, scale * Lanes.fp32(query + 8 * i));
      Lanes.putFp32(odd + 4 * i, scale * Lanes.fp32(query + 8 * i + 4));
    }
    float largest = scores(keys.address(), keys.stride() * 2, seen);
    float inverse = 1 / exponentials(largest, seen);
    for (int c = 0; c < half; c += LANES) {
      gather(values.address() + 4L * c, values.stride() * 2, seen, even + 4L * c, odd + 4L * c);
    }
    for (long i = 0; i < half; i++) {
      Lanes.putFp32(out + 8 * i, inverse * Lanes.fp32(even + 4 * i));
      Lanes.putFp32(out + 8 * i + 4, inverse * Lanes.fp32(odd + 4 * i));
    }
  }

  /// Their largest.
  private float scores(long keys, long stride, int seen) {
    float largest = Float.NEGATIVE_INFINITY;
    for (long key = 0; key < seen; key++) {
      float score = dot(keys + key * stride);
      Lanes.putFp32(weights + 4 * key, score);
      largest = Math.max(largest, score);
    }
    return largest;
  }

  private float dot(long key) {
    var evens = FloatVector.zero(FLOATS);
    var odds = FloatVector.zero(FLOATS);
    for (long c = 0; c < half; c += LANES) {
      var pairs = IntVector.fromMemorySegment(INTS, Memory.ALL, key + 4 * c, LITTLE_ENDIAN);
      evens = pairs.lanewise(LSHL, 16).reinterpretAsFloats().fma(floats(even + 4 * c), evens);
      odds = pairs.and(Lanes.HIGH).reinterpretAsFloats().fma(floats(odd + 4 * c), odds);
    }
    return VectorRows.sum(evens.add(odds));
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
