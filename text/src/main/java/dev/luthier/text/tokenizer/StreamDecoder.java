package dev.luthier.text.tokenizer;

/// Decodes one answer that arrives token by token. All pieces together are [Tokenizer#decode] of
/// all tokens; a piece never ends in the middle of a character. Control tokens have no text.
/// Belongs to one thread.
public interface StreamDecoder {
  /// Takes the next token and returns the text that is now certain; empty while a character is
  /// incomplete.
  String next(int id);

  /// Ends the answer and returns what was held back: U+FFFD for a character that stayed incomplete.
  String end();
}
