package dev.luthier.text.rows;

import java.util.List;

/// What was changed in a mended copy.
///
/// @param rowsRead lines that were rows or meant to be
/// @param rowsWritten rows of the copy
/// @param unmended lines that are no rows still; they stand in the copy as they were
/// @param changes in order of lines, the first thousand
/// @param changesInAll also those that are not listed
public record MendReport(
    int rowsRead, int rowsWritten, int unmended, List<Change> changes, long changesInAll) {
  /// One thing that was mended.
  ///
  /// @param line of the file that was read
  /// @param code what was wrong
  /// @param leftOut whether the whole line is not in the copy
  public record Change(int line, FindingCode code, boolean leftOut) {
    /// In a sentence: `line 3: trailing_comma, mended`.
    public String words() {
      return "line " + line + ": " + code.word() + (leftOut ? ", left out" : ", mended");
    }
  }

  public MendReport {
    changes = List.copyOf(changes);
  }
}
