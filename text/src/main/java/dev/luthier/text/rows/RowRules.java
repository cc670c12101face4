package dev.luthier.text.rows;

/// What a file is checked for, and the limits of the check.
///
/// @param fileId how messages call the file
/// @param which the part that it is to play
/// @param kind what its rows are for
/// @param examplesPerCode how many findings of each code are kept; further ones are counted
/// @param lineBytesMax the longest line that is read
public record RowRules(
    String fileId, Which which, RowKind kind, int examplesPerCode, int lineBytesMax) {
  private static final int EXAMPLES_PER_CODE = 25;
  private static final int LINE_BYTES_MAX = 16 << 20;

  public RowRules {
    if (examplesPerCode < 1 || lineBytesMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: " + examplesPerCode + " findings, " + lineBytesMax + " bytes");
    }
  }

  /// The rules for a kind of rows: 25 findings of a code; lines of 16 MiB, those of prompts of 256
  /// KiB.
  public static RowRules of(String fileId, Which which, RowKind kind) {
    int bytes = kind instanceof RowKind.Prompts ? RowKind.Prompts.LINE_BYTES_MAX : LINE_BYTES_MAX;
    return new RowRules(fileId, which, kind, EXAMPLES_PER_CODE, bytes);
  }

  /// The rules for supervised chat rows.
  public static RowRules supervised(String fileId, Which which) {
    return of(fileId, which, RowKind.chats());
  }
}
