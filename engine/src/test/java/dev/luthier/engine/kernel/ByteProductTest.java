package dev.luthier.engine.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.kernel.ByteProduct.RowTerm;
import dev.luthier.engine.kernel.ByteRows.Planes;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Against plain loops in double over weights rounded to bytes by hand.
final class ByteProductTest {
  private static final int IN = 100;
  private static final int OUT = 200;

  private Memory memory = new Memory();
  private Matrices matrices = new Matrices(memory, new Random(5));
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
  void losesOnlyTheSixteenthBitOfActivations() {
    var w = matrices.bf16(OUT, IN, IN + 1);
    var packed = ByteOperand.allocate(memory, OUT, IN);
    packed.pack(w, 70, 0);
    packed.pack(w.from(70, 2), OUT - 70, 70);
    double[][] rounded = rounded(w);
    for (int rows : new int[] {1, 2, 7, 31, 32, 33, 64, 100}) {
      var x = matrices.bf16(rows, IN, IN + 4);
      Matrices.putBf16(x, rows / 2, 3, 900); // A row with an outlier keeps its small values.
      var y = matrices.fp32(rows, OUT + 1);
      float after = Matrices.fp32(y, rows - 1, OUT);
      long quantised = memory.allocate(ByteProduct.bytes(rows, IN));
      ByteProduct.quantise(Planes.TWO, rows, IN, x, quantised);
      ByteProduct.toFp32(
          space, new ByteRows(quantised, 0, rows, Planes.TWO), packed, 0, 128, List.of(), y);
      ByteProduct.toFp32(
          space,
          new ByteRows(quantised, 0, rows, Planes.TWO),
          packed,
          128,
          OUT - 128,
          List.of(),
          y);
      for (int m = 0; m < rows; m++) {
        float largest = 0;
        for (int k = 0; k < IN; k++) {
          largest = Math.max(largest, Math.abs(Matrices.bf16(x, m, k)));
        }
        for (int n = 0; n < OUT; n++) {
          double sum = 0;
          double bound = 1e-5;
          for (int k = 0; k < IN; k++) {
            sum += Matrices.bf16(x, m, k) * rounded[n][k];
            bound += Math.abs(rounded[n][k]) * largest / (1 << 16) * 1.001;
          }
          assertEquals(sum, Matrices.fp32(y, m, n), bound, "row %d of %d".formatted(m, rows));
        }
      }
      assertEquals(after, Matrices.fp32(y, rows - 1, OUT), "written past the row");
    }
  }

  @Test
  void inOnePlaneActivationsKeepEightBits() {
    var w = matrices.bf16(OUT, IN, IN + 1);
    var packed = ByteOperand.allocate(memory, OUT, IN);
    packed.pack(w, OUT, 0);
    double[][] rounded = rounded(w);
    for (int rows : new int[] {1, 31, 64, 65, 150}) {
      var x = matrices.bf16(rows, IN, IN + 4);
      long quantised = memory.allocate(ByteProduct.bytes(rows, IN));
      ByteProduct.quantise(Planes.ONE, rows, IN, x, quantised);
      var y = matrices.fp32(rows, OUT);
      var bytes = new ByteRows(quantised, 0, rows, Planes.ONE);
      ByteProduct.toFp32(space, bytes, packed, 0, OUT, List.of(), y);
      for (int m = 0; m < rows; m++) {
        float largest = 0;
        for (int k = 0; k < IN; k++) {
          largest = Math.max(largest, Math.abs(Matrices.bf16(x, m, k)));
        }
        float scale = largest / 127;
        for (int n = 0; n < OUT; n++) {
          double sum = 0;
          for (int k = 0; k < IN; k++) {
            sum += Math.rint(Matrices.bf16(x, m, k) * (127 / largest)) * scale * rounded[n][k];
          }
          assertEquals(
              sum, Matrices.fp32(y, m, n), 1e-4 * largest, "row %d of %d".formatted(m, rows));
        }
      }
    }
  }

  @Test
  void rowsOfBothKindsStandSideBySide() {
    int in = 576;
    int rows = 90;
    var packed = ByteOperand.allocate(memory, OUT, in);
    packed.pack(matrices.bf16(OUT, in, in), OUT, 0);
    var x = matrices.bf16(rows, in, in);
    var mixed = matrices.bf16(rows, OUT, OUT);
    long quantised = memory.allocate(ByteProduct.bytes(rows, in));
    int at = 0;
    for (int count : new int[] {70, 1, 5, 14}) { // A prompt, an answer, a prompt, answers.
      var planes = count == 1 || count == 14 ? Planes.TWO : Planes.ONE;
      long own = quantised + at * ByteProduct.rowBytes(in);
      ByteProduct.quantise(planes, count, in, x.from(at, 2), own);
      var bytes = new ByteRows(quantised, at, count, planes);
      ByteProduct.toBf16(space, bytes, packed, 0, OUT, List.of(), Strided.NONE, mixed);
      var apart = matrices.bf16(count, OUT, OUT);
      var alone = new ByteRows(own, 0, count, planes);
      ByteProduct.toBf16(space, alone, packed, 0, OUT, List.of(), Strided.NONE, apart);
      for (int m = 0; m < count; m++) {
        for (int n = 0; n < OUT; n++) {
          assertEquals(
              Matrices.bf16(apart, m, n), Matrices.bf16(mixed, at + m, n), "row " + (at + m));
        }
      }
      at += count;
    }
  }

  @Test
  void weightsAreRoundedToTheirChannelsScale() {
    var w = matrices.bf16(OUT, IN, IN);
    double[][] rounded = rounded(w);
    for (int n = 0; n < OUT; n++) {
      double largest = 0;
      double error = 0;
      for (int k = 0; k < IN; k++) {
        largest = Math.max(largest, Math.abs(Matrices.bf16(w, n, k)));
        error = Math.max(error, Math.abs(rounded[n][k] - Matrices.bf16(w, n, k)));
      }
      assertTrue(error <= largest / 254 * 1.001, "channel " + n);
    }
  }

  @Test
  void addsTermsOfRowGroupsAndResidual() {
    int rows = 75;
    var packed = ByteOperand.allocate(memory, OUT, IN);
    packed.pack(matrices.bf16(OUT, IN, IN), OUT, 0);
    var x = matrices.bf16(rows, IN, IN);
    long quantised = memory.allocate(ByteProduct.bytes(rows, IN));
    ByteProduct.quantise(Planes.TWO, rows, IN, x, quantised);
    var b0 = matrices.bf16(OUT, 16, 16);
    var b1 = matrices.bf16(72, 32, 32);
    var p0 = matrices.bf16(40, 16, 16);
    var p1 = matrices.bf16(20, 32, 32);
    // Rows 3..42 have the first adapter, 50..69 the second one, of columns 128..199 only.
    var terms =
        List.of(
            new RowTerm(3, 40, new Term(p0, Operand.transposed(memory, OUT, 16, b0))),
            new RowTerm(50, 20, new Term(p1, Operand.transposed(memory, 72, 32, b1), 128)));
    var plain = matrices.fp32(rows, OUT);
    ByteProduct.toFp32(
        space, new ByteRows(quantised, 0, rows, Planes.TWO), packed, 0, OUT, List.of(), plain);
    var residual = matrices.bf16(rows, OUT, OUT + 3);
    var y = matrices.bf16(rows, OUT, OUT);
    ByteProduct.toBf16(
        space, new ByteRows(quantised, 0, rows, Planes.TWO), packed, 0, 64, terms, residual, y);
    ByteProduct.toBf16(
        space,
        new ByteRows(quantised, 0, rows, Planes.TWO),
        packed,
        64,
        OUT - 64,
        terms,
        residual,
        y);
    for (int m = 0; m < rows; m++) {
      for (int n = 0; n < OUT; n++) {
        double sum = Matrices.fp32(plain, m, n) + Matrices.bf16(residual, m, n);
        for (int r = 0; r < 16 && m >= 3 && m < 43; r++) {
          sum += Matrices.bf16(p0, m - 3, r) * Matrices.bf16(b0, n, r);
        }
        for (int r = 0; r < 32 && m >= 50 && m < 70 && n >= 128; r++) {
          sum += Matrices.bf16(p1, m - 50, r) * Matrices.bf16(b1, n - 128, r);
        }
        assertEquals(sum, Matrices.bf16(y, m, n), Math.abs(sum) / 200 + 1e-3, m + ", " + n);
      }
    }
  }

  @Test
  void inOnePlaneRowsDoNotDependOnTheirNeighboursTerms() {
    int rows = 100;
    var packed = ByteOperand.allocate(memory, OUT, IN);
    packed.pack(matrices.bf16(OUT, IN, IN), OUT, 0);
    var x = matrices.bf16(rows, IN, IN);
    long quantised = memory.allocate(ByteProduct.bytes(rows, IN));
    ByteProduct.quantise(Planes.ONE, rows, IN, x, quantised);
    var bytes = new ByteRows(quantised, 0, rows, Planes.ONE);
    var b = Operand.transposed(memory, OUT, 16, matrices.bf16(OUT, 16, 16));
    var terms = List.of(new RowTerm(0, 40, new Term(matrices.bf16(40, 16, 16), b)));
    for (var residual : List.of(Strided.NONE, matrices.bf16(rows, OUT, OUT + 3))) {
      var alone = matrices.bf16(rows, OUT, OUT);
      ByteProduct.toBf16(space, bytes, packed, 0, OUT, List.of(), residual, alone);
      var beside = matrices.bf16(rows, OUT, OUT);
      ByteProduct.toBf16(space, bytes, packed, 0, OUT, terms, residual, beside);
      int changed = 0;
      for (int m = 0; m < rows; m++) {
        for (int n = 0; n < OUT; n++) {
          boolean same = Matrices.bits16(alone, m, n) == Matrices.bits16(beside, m, n);
          assertTrue(same || m < 40, m + ", " + n);
          changed += same ? 0 : 1;
        }
      }
      assertTrue(changed > 40 * OUT / 2, changed + " results have their term");
    }
  }

  @Test
  void rowsDoNotDependOnWhoSharesTheirCall() {
    int in = 576;
    int rows = 130;
    var packed = ByteOperand.allocate(memory, OUT, in);
    packed.pack(matrices.bf16(OUT, in, in), OUT, 0);
    var x = matrices.bf16(rows, in, in);
    long quantised = memory.allocate(ByteProduct.bytes(rows, in));
    ByteProduct.quantise(Planes.TWO, rows, in, x, quantised);
    var b = Operand.transposed(memory, OUT, 16, matrices.bf16(OUT, 16, 16));
    var p = matrices.bf16(rows, 16, 16);
    var together = matrices.fp32(rows, OUT);
    var terms = List.of(new RowTerm(0, rows, new Term(p, b)));
    ByteProduct.toFp32(
        space, new ByteRows(quantised, 0, rows, Planes.TWO), packed, 0, OUT, terms, together);
    for (int step : new int[] {1, 7, 64, 100}) {
      var apart = matrices.fp32(rows, OUT);
      for (int row = 0; row < rows; row += step) {
        int count = Math.min(step, rows - row);
        long own = memory.allocate(ByteProduct.bytes(count, in));
        ByteProduct.quantise(Planes.TWO, count, in, x.from(row, 2), own);
        var term = List.of(new RowTerm(0, count, new Term(p.from(row, 2), b)));
        ByteProduct.toFp32(
            space,
            new ByteRows(own, 0, count, Planes.TWO),
            packed,
            0,
            OUT,
            term,
            apart.from(row, 4));
      }
      for (int m = 0; m < rows; m++) {
        for (int n = 0; n < OUT; n++) {
          assertEquals(
              Float.floatToRawIntBits(Matrices.fp32(together, m, n)),
              Float.floatToRawIntBits(Matrices.fp32(apart, m, n)),
              "%d rows a call, row %d".formatted(step, m));
        }
      }
    }
  }

  @Test
  void zeroRowsAndZeroChannelsGiveZeros() {
    var zeros = new Strided(memory.allocate(IN * 2L * 64), IN);
    var packed = ByteOperand.allocate(memory, 64, IN);
    packed.pack(zeros, 64, 0);
    long quantised = memory.allocate(ByteProduct.bytes(1, IN));
    ByteProduct.quantise(Planes.TWO, 1, IN, zeros, quantised);
    var y = matrices.fp32(1, 64);
    ByteProduct.toFp32(
        space, new ByteRows(quantised, 0, 1, Planes.TWO), packed, 0, 64, List.of(), y);
    for (int n = 0; n < 64; n++) {
      assertEquals(0, Matrices.fp32(y, 0, n));
    }
  }

  @Test
  void refusesWhatDoesNotFit() {
    var packed = ByteOperand.allocate(memory, 64, IN);
    var x = matrices.bf16(2, IN, IN);
    assertThrows(IllegalArgumentException.class, () -> ByteOperand.allocate(memory, 64, 6));
    assertThrows(IllegalArgumentException.class, () -> packed.pack(x, 2, 63));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            ByteProduct.toFp32(
                space, new ByteRows(0, 0, 1, Planes.TWO), packed, 32, 32, List.of(), x));
  }

  private static double[][] rounded(Strided w) {
    var rounded = new double[OUT][IN];
    for (int n = 0; n < OUT; n++) {
      float largest = 0;
      for (int k = 0; k < IN; k++) {
        largest = Math.max(largest, Math.abs(Matrices.bf16(w, n, k)));
      }
      float scale = largest / 127;
      float inverse = 1 / scale;
      for (int k = 0; k < IN; k++) {
        rounded[n][k] = Math.rint(Matrices.bf16(w, n, k) * inverse) * (double) scale;
      }
    }
    return rounded;
  }
}
