package dev.luthier.platform.data;

import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.text.ModelText;
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
///
/// @param file the rows
/// @param name how messages call the file
/// @param method what is to train on them
/// @param which the part that they are to play
/// @param training for a validation file, the training file beside it: rows in both are named
public record DataCheck(
    Path file, String name, TrainingMethod method, Which which, Optional<Path> training) {

  /// Checks the form of every row, and counts no tokens.
  public DataReport form() throws IOException {
    return report(check(Optional.empty()), Optional.empty());
  }

  /// As [#form], and measures the good rows as training would.
  public DataReport whole(ModelText text) throws IOException {
    var lengths = new RowLengths();
    RowMeasure measure = text.measure(text.contextLength());
    RowReport report = check(Optional.of(row -> lengths.count(measure.measure(row))));
    return report(report, lengths.histogram(text.contextLength()));
  }

  private RowReport check(Optional<RowMeasure> measure) throws IOException {
    var kind = RowKinds.of(method);
    Optional<RowMemory> known =
        training.isEmpty() ? Optional.empty() : Optional.of(RowFile.remember(training.get(), kind));
    return RowFile.check(file, RowRules.of(name, which, kind), measure, known);
  }

  private DataReport report(RowReport report, Optional<DataReport.Lengths> lengths) {
    return DataReport.of(report, method, lengths);
  }
}
