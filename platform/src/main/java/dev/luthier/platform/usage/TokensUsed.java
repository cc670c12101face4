package dev.luthier.platform.usage;

/// What generations took together.
///
/// @param cached those of `input` that were known from prompts before
/// @param requests how many generations
public record TokensUsed(long input, long cached, long output, long requests) {
  public static final TokensUsed NONE = new TokensUsed(0, 0, 0, 0);

  public TokensUsed plus(TokensUsed more) {
    return new TokensUsed(
        input + more.input, cached + more.cached, output + more.output, requests + more.requests);
  }
}
