package dev.luthier.wire.api;

/// Tokens of one chat completion or legacy completion.
public record Usage(
    int promptTokens,
    int completionTokens,
    int totalTokens,
    PromptTokensDetails promptTokensDetails,
    CompletionTokensDetails completionTokensDetails) {

  /// `cachedTokens` are among `promptTokens`; nothing reasoned.
  public Usage(int promptTokens, int completionTokens, int cachedTokens) {
    this(
        promptTokens,
        completionTokens,
        promptTokens + completionTokens,
        new PromptTokensDetails(cachedTokens, 0),
        new CompletionTokensDetails(0, 0, 0, 0));
  }

  public record PromptTokensDetails(int cachedTokens, int audioTokens) {}

  public record CompletionTokensDetails(
      int reasoningTokens,
      int audioTokens,
      int acceptedPredictionTokens,
      int rejectedPredictionTokens) {}
}
