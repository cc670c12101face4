package dev.luthier.text.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;

/// A file of preference rows, one JSON object a line, as OpenAI's `dpo` reads it. Read as a stream:
/// memory does not grow with the file.
public final class PreferenceFile {
  private static final int LINE_BYTES_MAX = 16 << 20;

  private PreferenceFile() {}

  /// Checks the form of every row.
  public static PreferenceReport check(Path file, String fileId) throws IOException {
    return check(file, fileId, Optional.empty());
  }

  /// Checks the form of every row and measures the good ones.
  ///
  /// @param fileId how messages call the file
  /// @param measure measures either conversation of a row
  public static PreferenceReport check(Path file, String fileId, RowMeasure measure)
      throws IOException {
    return check(file, fileId, Optional.of(measure));
  }

  private static PreferenceReport check(Path file, String fileId, Optional<RowMeasure> measure)
      throws IOException {
    var tally = new PreferenceTally(fileId, measure);
    try (var lines = new JsonLines(file, LINE_BYTES_MAX)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        tally.add(line.get());
      }
    }
    return tally.report();
  }

  /// The rows of a file that passed the check, in order. The caller closes the stream.
  ///
  /// A row that does not pass after all ends the stream with an [IllegalStateException] that says
  /// why, a file that cannot be read with an [UncheckedIOException].
  public static Stream<PreferenceRow> read(Path file) throws IOException {
    var lines = new JsonLines(file, LINE_BYTES_MAX);
    return Stream.generate(() -> next(lines))
        .takeWhile(Optional::isPresent)
        .map(Optional::get)
        .onClose(() -> close(lines));
  }

  private static Optional<PreferenceRow> next(JsonLines lines) {
    try {
      return lines
          .next()
          .map(line -> {
            var faults = new ArrayList<String>();
            return line.value()
                .flatMap(value ->
                    new PreferenceCheck((_, clause) -> faults.add(clause))
                        .check(line.number(), value))
                .orElseThrow(() ->
                    new IllegalStateException(
                        "line "
                            + line.number()
                            + (faults.isEmpty() ? line.fault() : faults.get(0))));
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void close(JsonLines lines) {
    try {
      lines.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
