package dev.luthier.text.rows;

/// How long a row is for a model.
///
/// @param tokens its tokens, after it was cut
/// @param trainedTokens how many of them are targets
/// @param tokensLost tokens beyond the limit, cut off
public record RowLength(int tokens, int trainedTokens, int tokensLost) {}
