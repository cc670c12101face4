package dev.luthier.engine.kernel;

import java.lang.foreign.ValueLayout;
import java.util.List;

/// Gradients of weights: sums over all rows of a pack, in order, for one block of columns; so they
/// do not depend on who computes which block.
///
/// With Y = X W^T + s P B^T, P = X A^T and Q = dY B, where s is already in P and Q: dA = Q^T X, dB
/// = dY^T P, dW = dY^T X. The factor on the left comes transposed (by [Packing#transpose16]), its
/// rows padded with zeros to a multiple of 32; the one on the right as it is.
public final class WeightGradient {
  /// One sum of those that share the right-hand rows: gradient [leftRows, columns] fp32 += left^T
  /// right. `left` is bf16 [leftRows, n] already transposed; `gradient` are the rows of the whole
  /// matrix, of which one block of columns is written.
  public record Part(Strided left, int leftRows, Strided gradient) {}

  private WeightGradient() {}

  /// Adds columns [first, first + columns) of each part's gradient: columns of `right` bf16 [n, *].
  /// At most 64 columns. So dA [r,in] from Q^T and X, and dW [out,in] from dY^T and X.
  public static void addRows(
      Workspace space, int n, Strided right, int first, int columns, List<Part> parts) {
    int width = (columns + 15) / 16 * 16;
    for (int row = 0; row < n; row += Workspace.ROWS) {
      int count = Math.min(Workspace.ROWS, n - row);
      int depth = pack(space, right, row, count, first, columns, width);
      for (var part : parts) {
        for (int at = 0; at < part.leftRows(); at += Operand.BLOCK) {
          int rows = Math.min(Operand.BLOCK, part.leftRows() - at);
          long left = part.left().address() + (at * part.left().stride() + row) * 2;
          long to = part.gradient().address() + (at * part.gradient().stride() + first) * 4;
          long ld = part.left().stride();
          if (columns == width) {
            long stride = part.gradient().stride();
            Brgemm.bf16(rows, width, depth, ld, width, stride, true, left, space.pairs, to);
          } else {
            Brgemm.bf16(
                rows, width, depth, ld, width, Operand.BLOCK, false, left, space.pairs, space.tile);
            add(space.tile, rows, columns, to, part.gradient().stride());
          }
        }
      }
    }
  }

  /// Adds rows [first, first + columns) of a gradient that lies the other way round: dB [out,r]
  /// from P^T [r,n] and columns of dY [n,out]. At most 64 columns, r at most 256.
  public static void addColumns(
      Workspace space, int n, Strided right, int first, int columns, Part part) {
    int width = (columns + 15) / 16 * 16;
    int rows = part.leftRows();
    for (int row = 0; row < n; row += Workspace.ROWS) {
      int count = Math.min(Workspace.ROWS, n - row);
      int depth = pack(space, right, row, count, first, columns, width);
      long left = part.left().address() + row * 2L;
      long ld = part.left().stride();
      boolean adds = row > 0;
      Brgemm.bf16(
          rows, width, depth, ld, width, Operand.BLOCK, adds, left, space.pairs, space.tile);
    }
    // The tile [r][columns] becomes [columns][r] on its way into the gradient.
    Packing.transpose32(space.tile, Operand.BLOCK, rows, columns, space.pairs, rows);
    long to = part.gradient().address() + first * part.gradient().stride() * 4;
    addTo(space.pairs, columns, rows, to, part.gradient().stride());
  }

  /// Row pairs of one block, padded with zeros to a depth that is a multiple of 32.
  private static int pack(
      Workspace space, Strided right, int row, int count, int first, int columns, int width) {
    long from = right.address() + (row * right.stride() + first) * 2;
    int depth = (count + 31) / 32 * 32;
    Packing.interleave(from, right.stride(), count, columns, space.pairs, width);
    int used = (count + 1) / 2;
    Memory.segment(space.pairs + (long) used * width * 4, (depth / 2L - used) * width * 4)
        .fill((byte) 0);
    return depth;
  }

  private static void add(long tile, int rows, int columns, long to, long stride) {
    for (long r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        long place = to + (r * stride + c) * 4;
        float sum =
            Memory.ALL.get(ValueLayout.JAVA_FLOAT, place)
                + Memory.ALL.get(ValueLayout.JAVA_FLOAT, tile + (r * Operand.BLOCK + c) * 4);
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, place, sum);
      }
    }
  }

  private static void addTo(long from, int rows, int columns, long to, long stride) {
    for (long r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        long place = to + (r * stride + c) * 4;
        float sum =
            Memory.ALL.get(ValueLayout.JAVA_FLOAT, place)
                + Memory.ALL.get(ValueLayout.JAVA_FLOAT, from + (r * columns + c) * 4);
        Memory.ALL.set(ValueLayout.JAVA_FLOAT, place, sum);
      }
    }
  }
}
