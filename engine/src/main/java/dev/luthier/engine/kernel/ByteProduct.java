package dev.luthier.engine.kernel;

import java.util.List;

/// Products of activations in 16 bits with weights in 8: what is read from memory halves against
/// bf16, and only the weights lose precision.
///
/// A row's result does not depend on how many rows share the call.
public final class ByteProduct {
  /// A low-rank term for rows [firstRow, firstRow + rows) of the result; `a` of the term begins at
  /// that row.
  public record RowTerm(int firstRow, int rows, Term term) {}

  private ByteProduct() {}

  /// Bytes that `rows` quantised rows of `depth` take.
  public static long bytes(int rows, int depth) {
    return 2L * rows * depth + 64 + rows * 4L;
  }

  /// Quantises bf16 rows x [rows,depth] to 16 bits each, into [#bytes] at `quantised`: two planes
  /// of unsigned bytes, value = scale (256 high + low - 32768), scale = max |x| / 32767 of the row.
  public static void quantise(int rows, int depth, Strided x, long quantised) {
    if (rows >= 0) throw new UnsupportedOperationException("" + rows);
  }

  /// Columns [first, first + columns) of Y [rows,n] bf16 = X W^T + terms + residual, for X as
  /// [#quantise] left it. `first` is a multiple of 64: threads share out the columns. The residual
  /// may be none, or Y itself.
  public static void toBf16(
      Workspace space,
      int rows,
      long quantised,
      ByteOperand w,
      int first,
      int columns,
      List<RowTerm> terms,
      Strided residual,
      Strided y) {
    if (rows >= 0) throw new UnsupportedOperationException("" + rows);
  }

  /// As [#toBf16], without residual, in fp32.
  public static void toFp32(
      Workspace space,
      int rows,
      long quantised,
      ByteOperand w,
      int first,
      int columns,
      List<RowTerm> terms,
      Strided y) {
    if (rows >= 0) throw new UnsupportedOperationException("" + rows);
  }
}
