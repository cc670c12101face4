package dev.luthier.text.rows;

/// A well-formed row that a model cannot take, for instance because its chat template refuses it.
public final class RowRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// Refuses a row.
  ///
  /// @param reason a clause that follows "Example 3": `is refused by the chat template: …`
  public RowRefusedException(String reason) {
    super(reason);
  }
}
