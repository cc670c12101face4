package dev.luthier.text.tokenizer;

import java.util.List;

/// Builds the text of a `tokenizer.json` from the vocabulary that a GGUF file carries.
@SuppressWarnings("DoNotCallSuggester")
public final class GgufTokenizer {
  private GgufTokenizer() {}

  /// Writes what `tokenizer.json` would hold.
  ///
  /// @param tokens `tokenizer.ggml.tokens`, in order of ids
  /// @param merges `tokenizer.ggml.merges`, pairs split at a blank
  /// @param types `tokenizer.ggml.token_type`, one a token
  /// @param pre `tokenizer.ggml.pre`, the name of the pre-tokenizer
  public static String tokenizerJson(
      List<String> tokens, List<String> merges, int[] types, String pre) {
    throw new UnsupportedOperationException();
  }
}
