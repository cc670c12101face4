package dev.luthier.text.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/// A file of supervised chat rows, one JSON object a line. Read as a stream: memory does not grow
/// with the file.
public final class RowFile {
  private RowFile() {}

  /// Checks the form of every row.
  public static RowReport check(Path file, RowRules rules) throws IOException {
    return check(new RowReader(file, rules), Optional.empty());
  }

  /// Checks the form of every row and measures the good ones.
  public static RowReport check(Path file, RowRules rules, RowMeasure measure) throws IOException {
    return check(new RowReader(file, rules), Optional.of(measure));
  }

  private static RowReport check(RowReader reader, Optional<RowMeasure> measure)
      throws IOException {
    try (reader) {
      var tally = new RowTally(reader.findings());
      while (reader.advance()) {
        Optional<ChatRow> row = reader.row();
        if (row.isPresent()) {
          tally.add(row.get(), reader.complaints(), measure);
        }
      }
      return tally.report(reader.examples());
    }
  }

  /// The rows of a file that passed the check, in order. The caller closes the stream.
  ///
  /// A row that does not pass after all ends the stream with an [IllegalStateException] that says
  /// why, a file that cannot be read with an [UncheckedIOException].
  public static Stream<ChatRow> read(Path file) throws IOException {
    var reader = new RowReader(file, RowRules.supervised(String.valueOf(file.getFileName())));
    return Stream.generate(() -> nextRow(reader))
        .takeWhile(Optional::isPresent)
        .map(Optional::get)
        .onClose(() -> close(reader));
  }

  private static Optional<ChatRow> nextRow(RowReader reader) {
    try {
      if (!reader.advance()) {
        return Optional.empty();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Optional.of(reader.row().orElseThrow(() -> new IllegalStateException(reader.reason())));
  }

  private static void close(RowReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
