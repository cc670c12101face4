package dev.luthier.text;

import java.util.Arrays;

/// A training row as a model reads it. The arrays belong to whoever holds the row.
///
/// @param tokens ids, from the first token of the conversation on
/// @param trained `trained[t]`: token `t` is a target of the loss; as long as `tokens`
/// @param tokensLost how many tokens were cut off the end
@SuppressWarnings("ArrayRecordComponent") // a row is written once; copies would double the memory
public record EncodedRow(int[] tokens, boolean[] trained, int tokensLost) {
  public EncodedRow {
    if (tokens.length != trained.length) {
      throw new IllegalArgumentException(
          tokens.length + " tokens, but " + trained.length + " marks");
    }
  }

  /// How many tokens are targets.
  public int trainedTokens() {
    int count = 0;
    for (boolean mark : trained) {
      count += mark ? 1 : 0;
    }
    return count;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EncodedRow row
        && Arrays.equals(tokens, row.tokens)
        && Arrays.equals(trained, row.trained)
        && tokensLost == row.tokensLost;
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(tokens) + Arrays.hashCode(trained);
  }

  @Override
  public String toString() {
    return "EncodedRow[tokens="
        + tokens.length
        + ", trained="
        + trainedTokens()
        + ", lost="
        + tokensLost
        + "]";
  }
}
