package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A file of supervised chat rows, one JSON object a line. Read as a stream: memory does not grow
/// with the file.
@SuppressWarnings("DoNotCallSuggester")
public final class RowFile {
  private RowFile() {}

  /// Checks the form of every row.
  public static RowReport check(Path file, RowRules rules) throws IOException {
    throw new UnsupportedOperationException("not yet: " + file + rules);
  }

  /// Checks the form of every row and measures the good ones.
  public static RowReport check(Path file, RowRules rules, RowMeasure measure) throws IOException {
    throw new UnsupportedOperationException("not yet: " + file + rules + measure);
  }

  /// The rows of a file that passed the check. The caller closes the stream; a row that does not
  /// pass after all ends it with an [IllegalStateException] that names the line.
  public static Stream<ChatRow> read(Path file) throws IOException {
    throw new UnsupportedOperationException("not yet: " + file);
  }
}
