package dev.luthier.text.rows;

/// Measures a row that passed all checks of its form, for instance by a model's tokenizer.
@FunctionalInterface
public interface RowMeasure {
  /// Measures one row.
  ///
  /// @throws RowRefusedException when the row cannot be used at all
  RowLength measure(ChatRow row);
}
