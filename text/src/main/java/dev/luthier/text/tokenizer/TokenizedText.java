package dev.luthier.text.tokenizer;

/// A text as tokens, with their places in it. The arrays belong to whoever holds it.
///
/// @param ids the tokens
/// @param starts for each token the UTF-16 unit of the text at which its character begins; a token
///   that is the middle of a character has the place of that character
@SuppressWarnings("ArrayRecordComponent") // made once for each row, read once
public record TokenizedText(int[] ids, int[] starts) {
  public TokenizedText {
    if (ids.length != starts.length) {
      throw new IllegalArgumentException(ids.length + " ids, but " + starts.length + " places");
    }
  }
}
