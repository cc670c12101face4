package dev.luthier.engine.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Low-rank pairs A [rank,in], B [out,rank] of linears that share an input, in bytes, for single
/// rows: what is read from memory decides the time then, and plain vectors keep up with it.
///
/// Each row of A and each column of B has its own scale = max / 127; p holds both, so that a row of
/// the result is sum_j p[j] b[j] over whole numbers b. Sums are fp32, in one fixed order.
///
/// All lies in the order in which it is read, line after line: the A of all linears as
/// [ranks/4][in/16][4][16], the scales, then each B^T in blocks of 64 columns, [rank][64] each. The
/// rank is padded to a multiple of 4 by zeros, the last block too.
public final class LowRankBytes {
  private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
  private static final VectorSpecies<Byte> QUARTER = ByteVector.SPECIES_128;
  private static final int LANES = 16;
  private static final int BLOCK = Operand.BLOCK;
  private static final int GRAIN = 4;
  private static final int LINE = 64;
  private static final float LARGEST = 127;

  /// A linear's pair, fp32 and row-major: A [rank,in], B [out,rank].
  public record Pair(MemorySegment a, MemorySegment b) {}

  /// A linear's B: where it lies, and where its numbers begin in p.
  public record Expansion(long address, int rank, int blocks, int at) {}

  private final int in;
  private final int rank;
  private final long a;
  private final long factors;
  private final List<Expansion> expansions = new ArrayList<>();

  private LowRankBytes(long a, int in, int rank) {
    this.a = a;
    this.in = in;
    this.rank = rank;
    this.factors = a + (long) rank * in;
  }

  /// Bytes that pairs of a rank and these outputs take; a multiple of 64.
  public static long bytes(int rank, int in, int... outs) {
    long ranks = (long) padded(rank) * outs.length;
    long ofB = 0;
    for (int out : outs) {
      ofB += (long) padded(rank) * blocks(out) * BLOCK;
    }
    return lines(ranks * in + ranks * Float.BYTES) + lines(ofB);
  }

  private static int padded(int rank) {
    return (rank + GRAIN - 1) / GRAIN * GRAIN;
  }

  private static int blocks(int out) {
    return (out + BLOCK - 1) / BLOCK;
  }

  private static long lines(long bytes) {
    return (bytes + LINE - 1) / LINE * LINE;
  }

  /// Packs pairs of one rank, for p B^T scale, into zeroed [#bytes] at an address that is a
  /// multiple of 64. `in` is a multiple of 16.
  public static LowRankBytes pack(long to, List<Pair> pairs, int rank, float scale) {
    int in = count(pairs.getFirst().a()) / rank;
    if (in % LANES != 0) {
      throw new IllegalArgumentException("rows of %d are no multiple of %d".formatted(in, LANES));
    }
    int padded = padded(rank);
    var packed = new LowRankBytes(to, in, padded * pairs.size());
    long next = to + lines((long) packed.rank * (in + Float.BYTES));
    for (Pair pair : pairs) {
      int out = count(pair.b()) / rank;
      var expansion = new Expansion(next, padded, blocks(out), packed.expansions.size() * padded);
      packed.pack(pair, rank, scale, expansion);
      packed.expansions.add(expansion);
      next += (long) padded * expansion.blocks() * BLOCK;
    }
    return packed;
  }

  private void pack(Pair pair, int rank, float scale, Expansion expansion) {
    for (int j = 0; j < rank; j++) {
      int place = expansion.at() + j;
      float factor = packRow(pair.a(), j, place) * packColumn(pair.b(), j, rank, expansion) * scale;
      Memory.ALL.set(ValueLayout.JAVA_FLOAT, factors + place * 4L, factor);
    }
  }

  private static int count(MemorySegment floats) {
    return Math.toIntExact(floats.byteSize() / Float.BYTES);
  }

  private static float get(MemorySegment floats, int index) {
    return floats.getAtIndex(ValueLayout.JAVA_FLOAT, index);
  }

  private float packRow(MemorySegment a, int j, int place) {
    float largest = 0;
    for (int i = j * in; i < (j + 1) * in; i++) {
      largest = Math.max(largest, Math.abs(get(a, i)));
    }
    float inverse = largest == 0 ? 0 : LARGEST / largest;
    var bytes = new byte[LANES];
    for (int first = 0; first < in; first += LANES) {
      for (int i = 0; i < LANES; i++) {
        bytes[i] = (byte) Math.round(get(a, j * in + first + i) * inverse);
      }
      long to =
          this.a + (place / GRAIN * (long) in + first) * GRAIN + (long) (place % GRAIN) * LANES;
      MemorySegment.copy(bytes, 0, Memory.ALL, ValueLayout.JAVA_BYTE, to, LANES);
    }
    return largest / LARGEST;
  }

  private static float packColumn(MemorySegment b, int j, int stride, Expansion expansion) {
    float largest = 0;
    for (int i = j; i < count(b); i += stride) {
      largest = Math.max(largest, Math.abs(get(b, i)));
    }
    float inverse = largest == 0 ? 0 : LARGEST / largest;
    int out = count(b) / stride;
    var bytes = new byte[BLOCK];
    for (int first = 0; first < out; first += BLOCK) {
      int count = Math.min(BLOCK, out - first);
      for (int i = 0; i < count; i++) {
        bytes[i] = (byte) Math.round(get(b, (first + i) * stride + j) * inverse);
      }
      long to = expansion.address() + (long) first * expansion.rank() + (long) j * BLOCK;
      MemorySegment.copy(bytes, 0, Memory.ALL, ValueLayout.JAVA_BYTE, to, count);
    }
    return largest / LARGEST;
  }

  /// The ranks of all linears with their padding: how many numbers p has.
  public int rank() {
    return rank;
  }

  /// What p is multiplied with, linear by linear.
  public List<Expansion> expansions() {
    return expansions;
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
  static void expand(long p, long b, int rank, long to) {
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
