package dev.luthier.platform.chat;

/// Tokens read and written by one request, all its answers together.
///
/// @param cachedTokens those of the prompt that were known from prompts before
public record Usage(int promptTokens, int completionTokens, int cachedTokens) {
  /// Nothing known before.
  public Usage(int promptTokens, int completionTokens) {
    this(promptTokens, completionTokens, 0);
  }

  public int totalTokens() {
    return promptTokens + completionTokens;
  }
}
