package dev.luthier.text.rows;

/// What a file is checked for, and the limits of the check.
///
/// @param fileId how messages call the file
/// @param which the part that it is to play
/// @param examplesPerCode how many findings of each code are kept; further ones are counted
/// @param lineBytesMax the longest line that is read
public record RowRules(String fileId, Which which, int examplesPerCode, int lineBytesMax) {
  private static final int EXAMPLES_PER_CODE = 25;
  private static final int LINE_BYTES_MAX = 16 << 20;

  public RowRules {
    if (examplesPerCode < 1 || lineBytesMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: " + examplesPerCode + " findings, " + lineBytesMax + " bytes");
    }
  }

  /// The rules for supervised chat rows: 25 findings of a code, lines of 16 MiB.
  public static RowRules supervised(String fileId, Which which) {
    return new RowRules(fileId, which, EXAMPLES_PER_CODE, LINE_BYTES_MAX);
  }
}
