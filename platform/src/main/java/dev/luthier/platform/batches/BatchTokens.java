package dev.luthier.platform.batches;

/// Tokens that the answers of a batch took.
///
/// @param cached those of `input` that were known from prompts before
public record BatchTokens(long input, long cached, long output) {
  public static final BatchTokens NONE = new BatchTokens(0, 0, 0);

  public long total() {
    return input + output;
  }
}
