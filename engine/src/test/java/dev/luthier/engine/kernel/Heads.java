package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/// The queries, keys and values of one document in one strided buffer with room around it that is
/// full of NaN: whoever reads a neighbour's row shows it.
final class Heads {
  private static final short NAN = (short) 0x7fc1;
  private static final int MARGIN = 3;

  final int heads;
  final int kvHeads;
  final int headDim;
  final int rows;
  final int width;
  private final long qkv;
  private final long out;
  private final long dOut;
  private final long dQkv;
  private final long lse;

  Heads(Memory memory, int heads, int kvHeads, int headDim, int rows, long seed) {
    this.heads = heads;
    this.kvHeads = kvHeads;
    this.headDim = headDim;
    this.rows = rows;
    width = (heads + 2 * kvHeads) * headDim + 32;
    qkv = poisoned(memory);
    out = poisoned(memory);
    dOut = poisoned(memory);
    dQkv = poisoned(memory);
    lse = memory.allocate((long) heads * rows * Float.BYTES);
    var random = new Random(seed);
    fill(qkv, random, (heads + 2 * kvHeads) * headDim);
    fill(dOut, random, heads * headDim);
  }

  private long poisoned(Memory memory) {
    long elements = (long) (rows + 2 * MARGIN) * width;
    long address = memory.allocate(elements * 2);
    for (long i = 0; i < elements; i++) {
      Memory.ALL.set(ValueLayout.JAVA_SHORT, address + 2 * i, NAN);
    }
    return address + 2L * MARGIN * width;
  }

  private void fill(long matrix, Random random, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        float value = (float) random.nextGaussian();
        set(matrix, r, c, (short) (Float.floatToIntBits(value) >>> 16));
      }
    }
  }

  private void set(long matrix, int row, int column, short bits) {
    Memory.ALL.set(ValueLayout.JAVA_SHORT, matrix + 2 * ((long) row * width + column), bits);
  }

  static double bf16(long address) {
    return Float.intBitsToFloat(Memory.ALL.get(ValueLayout.JAVA_SHORT, address) << 16);
  }

  private Strided at(long matrix, int head) {
    return new Strided(matrix + 2L * head * headDim, width);
  }

  Strided q(int head) {
    return at(qkv, head);
  }

  Strided k(int kvHead) {
    return at(qkv, heads + kvHead);
  }

  Strided v(int kvHead) {
    return at(qkv, heads + kvHeads + kvHead);
  }

  Strided out(int head) {
    return at(out, head);
  }

  Strided dOut(int head) {
    return at(dOut, head);
  }

  Strided dq(int head) {
    return at(dQkv, head);
  }

  Strided dk(int kvHead) {
    return at(dQkv, heads + kvHead);
  }

  Strided dv(int kvHead) {
    return at(dQkv, heads + kvHeads + kvHead);
  }

  long lse(int head) {
    return lse + (long) head * rows * Float.BYTES;
  }

  /// The elements [count,D] of a head's rows from `row` on.
  double[][] rows(Strided matrix, int row, int count) {
    var values = new double[count][headDim];
    for (int r = 0; r < count; r++) {
      for (int d = 0; d < headDim; d++) {
        values[r][d] = bf16(matrix.address() + 2 * ((row + r) * matrix.stride() + d));
      }
    }
    return values;
  }

  /// The rows of `count` heads that lie side by side: fp32 [rows,count*D].
  Tensor tensor(Strided matrix, int count) {
    var floats = new float[rows * count * headDim];
    for (int i = 0; i < floats.length; i++) {
      long element = i / (count * headDim) * matrix.stride() + i % (count * headDim);
      floats[i] = (float) bf16(matrix.address() + 2 * element);
    }
    return Tensor.of(floats, rows, (long) count * headDim);
  }

  /// The bits of a head's rows.
  short[] bits(Strided matrix, int row, int count) {
    var bits = new short[count * headDim];
    for (int i = 0; i < bits.length; i++) {
      long element = (row + i / headDim) * matrix.stride() + i % headDim;
      bits[i] = Memory.ALL.get(ValueLayout.JAVA_SHORT, matrix.address() + 2 * element);
    }
    return bits;
  }

  /// The probabilities of row `row`, and last the logarithm of their sum.
  double[] probabilities(double[] query, double[][] keys, int row) {
    var p = new double[row + 2];
    double max = Double.NEGATIVE_INFINITY;
    for (int t = 0; t <= row; t++) {
      p[t] = dot(query, keys[t]) / Math.sqrt(headDim);
      max = Math.max(max, p[t]);
    }
    double sum = 0;
    for (int t = 0; t <= row; t++) {
      p[t] = Math.exp(p[t] - max);
      sum += p[t];
    }
    for (int t = 0; t <= row; t++) {
      p[t] /= sum;
    }
    p[row + 1] = max + Math.log(sum);
    return p;
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /// Multiplies a head's rows by a power of two.
  void scale(Strided matrix, float factor) {
    for (int r = 0; r < rows; r++) {
      for (int d = 0; d < headDim; d++) {
        long address = matrix.address() + 2 * (r * matrix.stride() + d);
        int bits = Float.floatToIntBits((float) bf16(address) * factor);
        Memory.ALL.set(ValueLayout.JAVA_SHORT, address, (short) (bits >>> 16));
      }
    }
  }

  /// Outputs and logarithms of the rows `from` to `to - 1`.
  void compareForward(int head, int from, int to, double tolerance) {
    compareOutputs(head, from, to, tolerance);
    var queries = rows(q(head), 0, to);
    var keys = rows(k(head / (heads / kvHeads)), 0, to);
    for (int row = from; row < to; row++) {
      double expected = probabilities(queries[row], keys, row)[row + 1];
      float sum = Memory.ALL.get(ValueLayout.JAVA_FLOAT, lse(head) + row * 4L);
      double allowed = 1e-5 * Math.max(10, Math.abs(expected));
      assertEquals(expected, sum, allowed, "lse of head " + head + " row " + row);
    }
  }

  void compareOutputs(int head, int from, int to, double tolerance) {
    var values = rows(v(head / (heads / kvHeads)), 0, to);
    var queries = rows(q(head), 0, to);
    var keys = rows(k(head / (heads / kvHeads)), 0, to);
    var results = rows(out(head), from, to - from);
    for (int row = from; row < to; row++) {
      var p = probabilities(queries[row], keys, row);
      for (int d = 0; d < headDim; d++) {
        double expected = 0;
        for (int t = 0; t <= row; t++) {
          expected += p[t] * values[t][d];
        }
        double got = results[row - from][d];
        double allowed = tolerance * Math.max(1, Math.abs(expected));
        assertEquals(expected, got, allowed, "head " + head + " row " + row + " element " + d);
      }
    }
  }

  /// dq of all heads, dk and dv of all key-value heads, by plain loops in double.
  double[][][] gradients() {
    var gradients = new double[heads + 2 * kvHeads][rows][headDim];
    int group = heads / kvHeads;
    for (int head = 0; head < heads; head++) {
      int kv = head / group;
      var queries = rows(q(head), 0, rows);
      var keys = rows(k(kv), 0, rows);
      var values = rows(v(kv), 0, rows);
      var dOuts = rows(dOut(head), 0, rows);
      for (int row = 0; row < rows; row++) {
        var p = probabilities(queries[row], keys, row);
        var dp = new double[row + 1];
        double mean = 0;
        for (int t = 0; t <= row; t++) {
          dp[t] = dot(dOuts[row], values[t]);
          mean += p[t] * dp[t];
        }
        for (int t = 0; t <= row; t++) {
          double ds = p[t] * (dp[t] - mean) / Math.sqrt(headDim);
          for (int d = 0; d < headDim; d++) {
            gradients[head][row][d] += ds * keys[t][d];
            gradients[heads + kv][t][d] += ds * queries[row][d];
            gradients[heads + kvHeads + kv][t][d] += p[t] * dOuts[row][d];
          }
        }
      }
    }
    return gradients;
  }

  /// Each element near what is expected, and each matrix as a whole nearer.
  void compareGradients(double tolerance) {
    var expected = gradients();
    for (int head = 0; head < expected.length; head++) {
      var got = rows(dq(head), 0, rows);
      double squares = 0;
      double errors = 0;
      for (int row = 0; row < rows; row++) {
        for (int d = 0; d < headDim; d++) {
          double right = expected[head][row][d];
          double allowed = tolerance * Math.max(1, Math.abs(right));
          String where = "head " + head + " row " + row + " element " + d;
          assertEquals(right, got[row][d], allowed, where);
          squares += right * right;
          errors += (right - got[row][d]) * (right - got[row][d]);
        }
      }
      // Of few rows, dS is the small difference of nearly equal numbers.
      double ratio = rows < 31 ? 0 : Math.sqrt(errors / squares);
      assertEquals(0, ratio, 0.006, "relative error of head " + head);
    }
  }

  /// What lies before, behind and beside the results is as it was.
  void assertNeighboursUntouched() {
    for (long matrix : new long[] {out, dQkv}) {
      int columns = matrix == out ? heads * headDim : (heads + 2 * kvHeads) * headDim;
      for (int r = -MARGIN; r < rows + MARGIN; r++) {
        for (int c = r >= 0 && r < rows ? columns : 0; c < width; c++) {
          long address = matrix + 2 * ((long) r * width + c);
          assertEquals(NAN, Memory.ALL.get(ValueLayout.JAVA_SHORT, address), "row " + r);
        }
      }
    }
  }
}
