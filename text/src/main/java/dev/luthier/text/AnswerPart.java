package dev.luthier.text;

/// What an answer is made of, in order.
public sealed interface AnswerPart {
  /// Text to be shown, never empty.
  record Text(String text) implements AnswerPart {}

  /// A call of a tool.
  ///
  /// @param arguments JSON, in its shortest form
  record Call(String name, String arguments) implements AnswerPart {}
}
