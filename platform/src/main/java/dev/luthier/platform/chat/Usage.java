package dev.luthier.platform.chat;

/// Tokens read and written by one request, all its answers together.
public record Usage(int promptTokens, int completionTokens) {
  public int totalTokens() {
    return promptTokens + completionTokens;
  }
}
