package dev.luthier.text.tokenizer;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/// A base model's tokenizer. Safe for use by many threads at once; the opener closes it.
@SuppressWarnings("DoNotCallSuggester")
public final class Tokenizer implements AutoCloseable {
  private Tokenizer() {}

  /// Loads a `tokenizer.json`.
  public static Tokenizer load(Path tokenizerJson) throws IOException {
    throw new UnsupportedOperationException("not yet: " + tokenizerJson);
  }

  /// The ids of a text, without any token that the text does not name.
  public int[] encode(String text, SpecialTokens specialTokens) {
    throw new UnsupportedOperationException();
  }

  /// The text of ids, special tokens included.
  public String decode(int[] ids) {
    throw new UnsupportedOperationException();
  }

  /// A decoder for one answer that arrives token by token.
  public StreamDecoder streamDecoder() {
    return new StreamDecoder(this);
  }

  /// The bytes that a token stands for; a part of a character for some.
  public byte[] bytesOf(int id) {
    throw new UnsupportedOperationException();
  }

  /// One more than the greatest id.
  public int vocabularySize() {
    throw new UnsupportedOperationException();
  }

  /// The id of a token by its text, for instance `<|im_end|>`.
  public OptionalInt idOf(String token) {
    throw new UnsupportedOperationException();
  }

  /// Whether a token is a special one, that steers the model and is no text.
  public boolean isControl(int id) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
