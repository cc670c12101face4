package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against plain loops in double: bf16 results are at most one unit in the last place away, because
/// sums in fp32 may fall on the other side of a half.
final class ProductTest {
  private static final int[] ROWS = {1, 5, 31, 63, 64, 65, 100, 200, 257, 300};

  private Memory memory = new Memory();
  private Matrices matrices = new Matrices(memory, new Random(11));
  private Workspace space = new Workspace(memory);

  @BeforeEach
  void matrixUnitsAreThere() {
    Processor.hasMatrixUnits();
  }

  @AfterEach
  void giveBack() {
    if (Brgemm.isAvailable()) {
      Brgemm.release();
    }
    memory.close();
  }

  @Test
  void addsLowRankPartAndResidualAndRoundsOnce() {
    int in = 96;
    int out = 200;
    int rank = 16;
    var w = matrices.bf16(out, in, in + 2);
    var b = matrices.bf16(out - 64, rank, rank);
    var wt = Operand.transposed(memory, out, in, w);
    var bt = Operand.transposed(memory, out - 64, rank, b);
    for (int rows : ROWS) {
      var x = matrices.bf16(rows, in, in + 32);
      var p = matrices.bf16(rows, rank, rank);
      var y = matrices.bf16(rows, out, out + 6);
      var expected = new double[rows][out];
      for (int m = 0; m < rows; m++) {
        for (int n = 0; n < out; n++) {
          double sum = dot(x, m, w, n, in);
          if (n >= 64) {
            sum += dot(p, m, b, n - 64, rank);
          }
          expected[m][n] = 0.5 * sum + Matrices.bf16(y, m, n);
        }
      }
      Product.toBf16(space, rows, 0.5f, y, y, new Term(x, wt), new Term(p, bt, 64));
      for (int m = 0; m < rows; m++) {
        for (int n = 0; n < out; n++) {
          near(expected[m][n], Matrices.bf16(y, m, n));
        }
        assertEquals((short) 0x7fc0, Matrices.bits16(y, m, out), "written past the row");
      }
    }
  }

  @Test
  void multipliesBackwardAndByPartsOfAnOperand() {
    int out = 192;
    int in = 150;
    var w = matrices.bf16(out, in, in);
    var straight = Operand.straight(memory, out, in, w);
    for (int rows : ROWS) {
      var dy = matrices.bf16(rows, out, out);
      var dx = matrices.fp32(rows, in + 1);
      var before = Matrices.copyFp32(dx, rows, in + 1);
      // As the head does it: chunk by chunk of the depth, and of the width.
      for (int k = 0; k < out; k += 96) {
        var chunk = new Strided(dy.address() + k * 2L, dy.stride());
        var part = straight.depths(k, 96);
        var left = new Strided(dx.address(), dx.stride());
        var right = new Strided(dx.address() + 64 * 4, dx.stride());
        Product.toFp32(space, rows, true, left, new Term(chunk, part.columns(0, 64)));
        Product.toFp32(space, rows, true, right, new Term(chunk, part.columns(64, in - 64)));
      }
      for (int m = 0; m < rows; m++) {
        for (int n = 0; n < in; n++) {
          double sum = before[m][n];
          for (int k = 0; k < out; k++) {
            sum += (double) Matrices.bf16(dy, m, k) * Matrices.bf16(w, k, n);
          }
          assertEquals(sum, Matrices.fp32(dx, m, n), 1e-3);
        }
        assertEquals(before[m][in], Matrices.fp32(dx, m, in), "written past the row");
      }
    }
  }

  @Test
  void adaptsSeveralLayersAsIfOneAfterTheOther() {
    int in = 96;
    int rank = 16;
    for (int rows : new int[] {1, 33, 64, 100, 128}) {
      var x = matrices.bf16(rows, in, in + 32);
      var p = matrices.bf16(rows, rank, rank);
      List<Product.Adapted> layers = new ArrayList<>();
      List<Strided> expected = new ArrayList<>();
      for (int out : new int[] {64, 40}) {
        var base = Operand.transposed(memory, out, in, matrices.bf16(out, in, in));
        var low = Operand.transposed(memory, out, rank, matrices.bf16(out, rank, rank));
        var layer =
            new Product.Adapted(
                matrices.bf16(rows, out, out + 6), new Term(x, base), new Term(p, low));
        var twice = matrices.bf16(rows, out, out);
        Product.toBf16(space, rows, twice, layer.base());
        Product.toBf16(space, rows, 1, twice, twice, layer.low());
        layers.add(layer);
        expected.add(twice);
      }
      Product.adapted(space, rows, layers);
      for (int i = 0; i < layers.size(); i++) {
        int out = layers.get(i).base().b().width();
        for (int m = 0; m < rows; m++) {
          for (int n = 0; n < out; n++) {
            assertEquals(
                Matrices.bits16(expected.get(i), m, n), Matrices.bits16(layers.get(i).y(), m, n));
          }
          assertEquals((short) 0x7fc0, Matrices.bits16(layers.get(i).y(), m, out));
        }
      }
    }
  }

  @Test
  void writesThinProductsIntoTheTailOfTheirRows() {
    int in = 64;
    int rank = 24;
    int rows = 70;
    var a = matrices.bf16(rank, in, in);
    var thin = Operand.transposed(memory, rank, in, a);
    var x = matrices.bf16(rows, in, in + rank);
    var tail = new Strided(x.address() + in * 2L, x.stride());
    Product.toBf16(space, rows, 2, Strided.NONE, tail, new Term(x, thin));
    for (int m = 0; m < rows; m++) {
      for (int n = 0; n < rank; n++) {
        near(2 * dot(x, m, a, n, in), Matrices.bf16(x, m, in + n));
      }
    }
  }

  @Test
  void rowsDoNotDependOnWhoSharesTheirCall() {
    int[][] shapes = {{576, 128}, {1536, 64}, {64, 48}, {32, 200}, {4096, 64}};
    for (int[] shape : shapes) {
      int in = shape[0];
      int out = shape[1];
      int rows = 300;
      var w = Operand.transposed(memory, out, in, matrices.bf16(out, in, in));
      var b = Operand.transposed(memory, out, 16, matrices.bf16(out, 16, 16));
      var x = matrices.bf16(rows, in, in);
      var p = matrices.bf16(rows, 16, 16);
      var together = matrices.bf16(rows, out, out);
      var single = matrices.fp32(rows, out);
      Product.toBf16(space, rows, together, new Term(x, w), new Term(p, b));
      Product.toFp32(space, rows, false, single, new Term(x, w));
      for (int step : new int[] {1, 2, 7, 32, 64, 100}) {
        var apart = matrices.bf16(rows, out, out);
        var apart32 = matrices.fp32(rows, out);
        for (int row = 0; row < rows; row += step) {
          int count = Math.min(step, rows - row);
          var own = new Term(x.from(row, 2), w);
          Product.toBf16(space, count, apart.from(row, 2), own, new Term(p.from(row, 2), b));
          Product.toFp32(space, count, false, apart32.from(row, 4), own);
        }
        for (int m = 0; m < rows; m++) {
          for (int n = 0; n < out; n++) {
            String where = "%d rows a call, row %d of %d deep".formatted(step, m, in);
            assertEquals(Matrices.bits16(together, m, n), Matrices.bits16(apart, m, n), where);
            assertEquals(
                Float.floatToRawIntBits(Matrices.fp32(single, m, n)),
                Float.floatToRawIntBits(Matrices.fp32(apart32, m, n)),
                where);
          }
        }
      }
    }
  }

  @Test
  void sumsWeightGradientsOverAllRows() {
    int in = 150;
    int out = 100;
    int stacked = 48;
    for (int n : new int[] {1, 31, 64, 250, 257, 333, 700}) {
      var x = matrices.bf16(n, in, in + 2);
      var dy = matrices.bf16(n, out, out);
      var q = matrices.bf16(n, stacked, stacked + 3);
      long left = memory.allocate(WeightGradient.leftBytes(n, stacked));
      long leftY = memory.allocate(WeightGradient.leftBytes(n, out));
      WeightGradient.packLeft(n, q, stacked, left);
      WeightGradient.packLeft(n, dy, out, leftY);
      var a0 = matrices.fp32(16, in);
      var a1 = matrices.fp32(32, in);
      var dw = matrices.fp32(out, in);
      var b1 = matrices.fp32(out, 32);
      var before0 = Matrices.copyFp32(a0, 16, in);
      var before1 = Matrices.copyFp32(a1, 32, in);
      var beforeW = Matrices.copyFp32(dw, out, in);
      var beforeB = Matrices.copyFp32(b1, out, 32);
      for (int first = 0; first < in; first += 64) {
        int columns = Math.min(64, in - first);
        var parts =
            List.of(
                new WeightGradient.Part(left, stacked, 0, 16, a0),
                new WeightGradient.Part(left, stacked, 16, 32, a1),
                new WeightGradient.Part(leftY, out, 0, out, dw));
        WeightGradient.addRows(space, n, x, first, columns, parts);
      }
      for (int first = 0; first < out; first += 64) {
        int columns = Math.min(64, out - first);
        WeightGradient.addColumns(
            space, n, dy, first, columns, new WeightGradient.Part(left, stacked, 16, 32, b1));
      }
      for (int c = 0; c < in; c++) {
        for (int r = 0; r < stacked; r++) {
          double before = r < 16 ? before0[r][c] : before1[r - 16][c];
          float got = r < 16 ? Matrices.fp32(a0, r, c) : Matrices.fp32(a1, r - 16, c);
          assertEquals(before + down(q, r, x, c, n), got, 2e-3, n + " rows");
        }
        for (int r = 0; r < out; r++) {
          assertEquals(beforeW[r][c] + down(dy, r, x, c, n), Matrices.fp32(dw, r, c), 2e-3);
        }
      }
      for (int o = 0; o < out; o++) {
        for (int r = 0; r < 32; r++) {
          double expected = beforeB[o][r] + down(q, 16 + r, dy, o, n);
          assertEquals(expected, Matrices.fp32(b1, o, r), 2e-3, n + " rows");
        }
      }
    }
  }

  @Test
  void strideIsAnOddNumberOfCacheLines() {
    assertEquals(608, Strided.spread(576, 2));
    assertEquals(608, Strided.spread(608, 2));
    assertEquals(3104, Strided.spread(3072, 2));
    assertEquals(16, Strided.spread(3, 4));
  }

  @Test
  void refusesWhatDoesNotFit() {
    var w = Operand.allocate(memory, 32, 128);
    var x = matrices.bf16(1, 32, 32);
    assertThrows(IllegalArgumentException.class, () -> Operand.allocate(memory, 33, 128));
    assertThrows(IllegalArgumentException.class, () -> w.columns(32, 64));
    assertThrows(IllegalArgumentException.class, () -> w.depths(1, 2));
    assertThrows(IllegalArgumentException.class, () -> w.packTransposed(x, 1, 32, 2, 0));
    assertThrows(IllegalArgumentException.class, () -> new Term(x, w, 32));
    assertThrows(
        IllegalArgumentException.class,
        () -> Product.toBf16(space, 1, x, new Term(x, w.columns(0, 64)), new Term(x, w)));
  }

  private static double dot(Strided x, int m, Strided w, int n, int depth) {
    double sum = 0;
    for (int k = 0; k < depth; k++) {
      sum += (double) Matrices.bf16(x, m, k) * Matrices.bf16(w, n, k);
    }
    return sum;
  }

  private static double down(Strided x, int i, Strided y, int j, int n) {
    double sum = 0;
    for (int k = 0; k < n; k++) {
      sum += (double) Matrices.bf16(x, k, i) * Matrices.bf16(y, k, j);
    }
    return sum;
  }

  private static void near(double expected, float got) {
    assertEquals(Matrices.round(expected), got, Math.abs(expected) / 128 + 1e-4);
  }
}
