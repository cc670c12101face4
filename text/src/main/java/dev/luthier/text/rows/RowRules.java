package dev.luthier.text.rows;

/// The limits of a check.
///
/// @param fileId how messages call the file
/// @param findingsMax how many findings are kept; further ones are counted
/// @param lineBytesMax the longest line that is read
public record RowRules(String fileId, int findingsMax, int lineBytesMax) {
  public RowRules {
    if (findingsMax < 1 || lineBytesMax < 1) {
      throw new IllegalArgumentException(
          "limits must be positive: " + findingsMax + " findings, " + lineBytesMax + " bytes");
    }
  }

  /// The rules for supervised chat rows: 100 findings, lines of 16 MiB.
  public static RowRules supervised(String fileId) {
    return new RowRules(fileId, 100, 16 << 20);
  }
}
