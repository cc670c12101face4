package dev.luthier.platform.data;

import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PreferenceFile;
import dev.luthier.text.rows.PreferenceReport;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowMeasure;
import dev.luthier.text.rows.RowMemory;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// One check of a file of rows for all who ask: the API, the pages, the command line.
public final class DataCheck {
  private DataCheck() {}

  /// Checks the form of every row, and counts no tokens.
  ///
  /// @param training for a validation file, what is known of the training file beside it
  public static DataReport form(Path file, RowRules rules, Optional<RowMemory> training)
      throws IOException {
    RowReport report = RowFile.check(file, rules, Optional.empty(), training);
    return DataReport.of(report, Optional.empty());
  }

  /// As [#form], of rows of two answers.
  public static DataReport preferences(Path file, String fileId, Which which) throws IOException {
    PreferenceReport report = PreferenceFile.check(file, fileId);
    return DataReport.of(report, which, Optional.empty());
  }

  /// As [#preferences], and measures the good rows as training would.
  public static DataReport preferences(Path file, String fileId, Which which, ModelText text)
      throws IOException {
    var lengths = new RowLengths();
    RowMeasure measure = text.measure(text.contextLength());
    PreferenceReport report =
        PreferenceFile.check(file, fileId, row -> lengths.count(measure.measure(row)));
    return DataReport.of(report, which, lengths.histogram(text.contextLength()));
  }

  /// As [#form], and measures the good rows as training would.
  public static DataReport whole(
      Path file, RowRules rules, ModelText text, Optional<RowMemory> training) throws IOException {
    var lengths = new RowLengths();
    RowMeasure measure = text.measure(text.contextLength());
    RowReport report =
        RowFile.check(
            file, rules, Optional.of(row -> lengths.count(measure.measure(row))), training);
    return DataReport.of(report, lengths.histogram(text.contextLength()));
  }
}
