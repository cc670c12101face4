package dev.luthier.engine.kernel;

/// One summand of a product: bf16 rows `a` [rows, b.depth] times `b`, added to the columns of the
/// result from `firstColumn`, a multiple of 64, on. A linear layer with a low-rank part is a sum of
/// two such terms: X W^T and P B^T.
public record Term(Strided a, Operand b, int firstColumn) {
  public Term {
    if (firstColumn < 0 || firstColumn % Operand.BLOCK != 0) {
      throw new IllegalArgumentException(
          "a term begins at column %d, not at a multiple of %d"
              .formatted(firstColumn, Operand.BLOCK));
    }
  }

  /// A term of all columns.
  public Term(Strided a, Operand b) {
    this(a, b, 0);
  }
}
