package dev.luthier.platform.data;

import dev.luthier.text.rows.MendReport;
import java.util.List;

/// What a mended copy of a file changes.
///
/// @param rowsRead lines that were rows or meant to be, and `rowsWritten` the rows of the copy
/// @param unmended lines that are no rows still; they stand in the copy as they were
/// @param changes in order of lines, the first thousand
/// @param changesInAll also those that are not listed
public record DataMend(
    int rowsRead, int rowsWritten, int unmended, List<Change> changes, long changesInAll) {
  /// One thing that was mended.
  ///
  /// @param code what was wrong, as in findings
  /// @param leftOut whether the whole line is not in the copy
  public record Change(int line, String code, boolean leftOut) {}

  public DataMend {
    changes = List.copyOf(changes);
  }

  static DataMend of(MendReport report) {
    return new DataMend(
        report.rowsRead(),
        report.rowsWritten(),
        report.unmended(),
        report.changes().stream()
            .map(change -> new Change(change.line(), change.code().word(), change.leftOut()))
            .toList(),
        report.changesInAll());
  }
}
