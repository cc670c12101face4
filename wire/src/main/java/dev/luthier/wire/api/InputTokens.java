package dev.luthier.wire.api;

/// How many tokens the input of a response would be.
public record InputTokens(String object, int inputTokens) {
  public InputTokens(int inputTokens) {
    this("response.input_tokens", inputTokens);
  }
}
