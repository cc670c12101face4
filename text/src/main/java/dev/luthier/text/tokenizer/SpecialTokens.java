package dev.luthier.text.tokenizer;

/// What a special token's text, such as `<|im_start|>`, means where it stands in a text.
public enum SpecialTokens {
  /// It is the control token: for text that we wrote ourselves.
  AS_CONTROL,
  /// It is ordinary characters: for text that somebody else wrote.
  AS_TEXT
}
