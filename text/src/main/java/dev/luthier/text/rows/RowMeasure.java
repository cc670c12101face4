package dev.luthier.text.rows;

/// Measures a conversation that passed all checks of its form, for instance by a model's tokenizer.
@FunctionalInterface
public interface RowMeasure {
  /// Measures one.
  ///
  /// @throws RowRefusedException when the row cannot be used at all
  RowLength measure(Conversation conversation);
}
