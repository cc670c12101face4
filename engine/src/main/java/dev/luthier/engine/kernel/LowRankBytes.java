package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// A low-rank pair A [rank,in], B [out,rank] in bytes, for single rows: what is read from memory
/// decides the time then, and plain vectors keep up with it.
///
/// Each row of A and each column of B has its own scale = max / 127; p holds both, so that a row of
/// the result is sum_j p[j] b[j] over whole numbers b. Sums are fp32, in one fixed order.
///
/// Both lie in the order in which they are read, line after line: A as [rank/4][in/16][4][16], B^T
/// in blocks of 64 columns, [rank][64] each. The rank is padded to a multiple of 4 by zeros, the
/// last block too.
public final class LowRankBytes {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
  private static final int LANES = 16;
  private static final int BLOCK = Operand.BLOCK;
  private static final int GRAIN = 4;
  private static final float LARGEST = 127;

  private final int in;
  private final int out;
  private final int rank;
  private final long a;
  private final long b;
  private final long factors;

  private LowRankBytes(long a, long b, int rank, int in, int out) {
    this.in = in;
    this.out = out;
    this.rank = padded(rank);
    this.a = a;
    this.b = b;
    this.factors = b + (long) blocks() * BLOCK * this.rank;
  }

  /// Bytes that A takes.
  public static long bytesOfA(int rank, int in) {
    return (long) padded(rank) * in;
  }

  /// Bytes that B and the scales take; a multiple of 64.
  public static long bytesOfB(int rank, int out) {
    long blocks = (out + BLOCK - 1L) / BLOCK;
    return padded(rank) * blocks * BLOCK + (padded(rank) * 4L + 63) / 64 * 64;
  }

  private static int padded(int rank) {
    return (rank + GRAIN - 1) / GRAIN * GRAIN;
  }

  /// Packs A [rank,in] and B [out,rank], fp32 and row-major, for p B^T scale, into zeroed
  /// [#bytesOfA] and [#bytesOfB] at two addresses. `in` is a multiple of 16.
  public static LowRankBytes pack(long toA, long toB, float[] a, float[] b, int rank, float scale) {
    int in = a.length / rank;
    int out = b.length / rank;
    if (in % LANES != 0) {
      throw new IllegalArgumentException("rows of %d are no multiple of %d".formatted(in, LANES));
    }
    var packed = new LowRankBytes(toA, toB, rank, in, out);
    for (int j = 0; j < rank; j++) {
      float ofA = packed.packRow(a, j);
      float ofB = packed.packColumn(b, j, rank);
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, packed.factors + j * 4L, ofA * ofB * scale);
    }
    return packed;
  }

  private float packRow(float[] a, int j) {
    float largest = 0;
    for (int i = j * in; i < (j + 1) * in; i++) {
      largest = Math.max(largest, Math.abs(a[i]));
    }
    float inverse = largest == 0 ? 0 : LARGEST / largest;
    var bytes = new byte[LANES];
    for (int first = 0; first < in; first += LANES) {
      for (int i = 0; i < LANES; i++) {
        bytes[i] = (byte) Math.round(a[j * in + first + i] * inverse);
      }
      long to = this.a + (j / GRAIN * (long) in + first) * GRAIN + (long) (j % GRAIN) * LANES;
      MemorySegment.copy(bytes, 0, Memory.ALL, ValueLayout.JAVA_BYTE, to, LANES);
    }
    return largest / LARGEST;
  }

  private float packColumn(float[] b, int j, int stride) {
    float largest = 0;
    for (int i = j; i < b.length; i += stride) {
      largest = Math.max(largest, Math.abs(b[i]));
    }
    float inverse = largest == 0 ? 0 : LARGEST / largest;
    var bytes = new byte[BLOCK];
    for (int first = 0; first < out; first += BLOCK) {
      int count = Math.min(BLOCK, out - first);
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) Math.round(b[(first + i) * stride + j] * inverse);
      }
      long to = this.b + (long) first * rank + (long) j * BLOCK;
      MemorySegment.copy(bytes, 0, Memory.ALL, ValueLayout.JAVA_BYTE, to, count);
    }
    return largest / LARGEST;
  }

  /// The rank with its padding: how many numbers p has.
  public int rank() {
    return rank;
  }

  int blocks() {
    return (out + BLOCK - 1) / BLOCK;
  }

  /// Elements [first, first + count) of p [rank] fp32 = x A^T, scaled, for one row x [in] of fp32.
  /// Both are multiples of 4.
  public void shrink(long x, int first, int count, long p) {
    for (int j = first; j < first + count; j += GRAIN) {
      dots(x, a + (long) j * in, in, factors + j * 4L, p + j * 4L);
    }
  }

  private static void dots(long x, long a, long in, long factors, long p) {
    var sum0 = FloatVector.zero(FLOATS);
    var sum1 = FloatVector.zero(FLOATS);
    var sum2 = FloatVector.zero(FLOATS);
    var sum3 = FloatVector.zero(FLOATS);
    for (long i = 0; i < in; i += LANES) {
      var value = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, x + i * 4, LITTLE_ENDIAN);
      var a0 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, a + i * 4, LITTLE_ENDIAN);
      var a1 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, a + i * 4 + 16, LITTLE_ENDIAN);
      var a2 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, a + i * 4 + 32, LITTLE_ENDIAN);
      var a3 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, a + i * 4 + 48, LITTLE_ENDIAN);
      sum0 = value.fma((FloatVector) a0.convertShape(VectorOperators.B2F, FLOATS, 0), sum0);
      sum1 = value.fma((FloatVector) a1.convertShape(VectorOperators.B2F, FLOATS, 0), sum1);
      sum2 = value.fma((FloatVector) a2.convertShape(VectorOperators.B2F, FLOATS, 0), sum2);
      sum3 = value.fma((FloatVector) a3.convertShape(VectorOperators.B2F, FLOATS, 0), sum3);
    }
    put(p, 0, sum0.reduceLanes(VectorOperators.ADD), factors);
    put(p, 1, sum1.reduceLanes(VectorOperators.ADD), factors);
    put(p, 2, sum2.reduceLanes(VectorOperators.ADD), factors);
    put(p, 3, sum3.reduceLanes(VectorOperators.ADD), factors);
  }

  private static void put(long p, long j, float sum, long factors) {
    float factor = Memory.ALL.get(ValueLayout.JAVA_FLOAT, factors + j * 4);
    Memory.ALL.set(ValueLayout.JAVA_FLOAT, p + j * 4, sum * factor);
  }

  /// Adds p B^T of one block of columns to fp32 [64].
  void expand(long p, int block, long to) {
    expand(p, b + (long) block * rank * BLOCK, rank, to);
  }

  private static void expand(long p, long b, int rank, long to) {
    var sum0 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to, LITTLE_ENDIAN);
    var sum1 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + 64, LITTLE_ENDIAN);
    var sum2 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + 128, LITTLE_ENDIAN);
    var sum3 = FloatVector.fromMemorySegment(FLOATS, Memory.ALL, to + 192, LITTLE_ENDIAN);
    for (long j = 0; j < rank; j++) {
      float value = Memory.ALL.get(ValueLayout.JAVA_FLOAT, p + j * 4);
      var b0 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, b + j * 64, LITTLE_ENDIAN);
      var b1 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, b + j * 64 + 16, LITTLE_ENDIAN);
      var b2 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, b + j * 64 + 32, LITTLE_ENDIAN);
      var b3 = ByteVector.fromMemorySegment(QUARTER, Memory.ALL, b + j * 64 + 48, LITTLE_ENDIAN);
      var factor = FloatVector.broadcast(FLOATS, value);
      sum0 = factor.fma((FloatVector) b0.convertShape(VectorOperators.B2F, FLOATS, 0), sum0);
      sum1 = factor.fma((FloatVector) b1.convertShape(VectorOperators.B2F, FLOATS, 0), sum1);
      sum2 = factor.fma((FloatVector) b2.convertShape(VectorOperators.B2F, FLOATS, 0), sum2);
      sum3 = factor.fma((FloatVector) b3.convertShape(VectorOperators.B2F, FLOATS, 0), sum3);
    }
    sum0.intoMemorySegment(Memory.ALL, to, LITTLE_ENDIAN);
    sum1.intoMemorySegment(Memory.ALL, to + 64, LITTLE_ENDIAN);
    sum2.intoMemorySegment(Memory.ALL, to + 128, LITTLE_ENDIAN);
    sum3.intoMemorySegment(Memory.ALL, to + 192, LITTLE_ENDIAN);
  }
}
