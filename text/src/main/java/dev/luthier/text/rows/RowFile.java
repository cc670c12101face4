package dev.luthier.text.rows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A file of rows, one JSON object a line. Read as a stream: memory does not grow with the file.
public final class RowFile {
  private RowFile() {}

  /// Checks the form of every row.
  public static RowReport check(Path file, RowRules rules) throws IOException {
    return check(file, rules, Optional.empty(), Optional.empty());
  }

  /// Checks the form of every row and measures the good ones.
  public static RowReport check(Path file, RowRules rules, RowMeasure measure) throws IOException {
    return check(file, rules, Optional.of(measure), Optional.empty());
  }

  /// Checks every row, and names those that the training file has too.
  ///
  /// @param training what [#remember] has read
  public static RowReport check(
      Path file, RowRules rules, Optional<RowMeasure> measure, Optional<RowMemory> training)
      throws IOException {
    var tally = new RowTally(rules, training);
    try (var reader = new RowReader(file, rules)) {
      measure(reader, measure, tally::add);
      return tally.report(reader.examples());
    }
  }

  /// The good rows of a file, to be known again.
  public static RowMemory remember(Path file, RowKind kind) throws IOException {
    var memory = new RowMemory();
    var rules = RowRules.of(String.valueOf(file.getFileName()), Which.TRAINING, kind);
    try (var reader = new RowReader(file, rules)) {
      measure(
          reader,
          Optional.empty(),
          row ->
              row.print().ifPresent(print -> memory.add(print, row.checked().complaints().line())));
    }
    return memory;
  }

  /// Tokenizing takes nearly all of the time, so that is what threads share.
  private static void measure(
      RowReader reader, Optional<RowMeasure> measure, Consumer<MeasuredRow> sink)
      throws IOException {
    try (var rows =
        new InOrder<CheckedRow, MeasuredRow>(
            "row-check", row -> row.measured(measure), CheckedRow::characters, sink)) {
      while (reader.advance()) {
        rows.add(reader.checked());
      }
      rows.finish();
    }
  }

  /// The chat rows of a file that passed the check, in order. The caller closes the stream.
  ///
  /// A row that does not pass after all ends the stream with an [IllegalStateException] that says
  /// why, a file that cannot be read with an [UncheckedIOException].
  public static Stream<ChatRow> read(Path file) throws IOException {
    return read(file, RowKind.chats(), ChatRow.class);
  }

  /// As [#read(Path)], of any kind.
  public static Stream<Row> read(Path file, RowKind kind) throws IOException {
    return read(file, kind, Row.class);
  }

  static <R extends Row> Stream<R> read(Path file, RowKind kind, Class<R> type) throws IOException {
    String name = String.valueOf(file.getFileName());
    var reader = new RowReader(file, RowRules.of(name, Which.TRAINING, kind));
    return Stream.generate(() -> nextRow(reader))
        .takeWhile(Optional::isPresent)
        .map(row -> type.cast(row.get()))
        .onClose(() -> close(reader));
  }

  /// Some of a file's examples, good or bad, for people to look at.
  ///
  /// @param from the first example, counted from 1
  /// @param count how many, at most
  public static List<SeenRow> page(Path file, RowRules rules, int from, int count)
      throws IOException {
    List<SeenRow> rows = new ArrayList<>();
    try (var reader = new RowReader(file, rules)) {
      while (reader.examples() < from - 1 && reader.skip()) {
        // What lies before is counted, not parsed.
      }
      while (rows.size() < count && reader.advance()) {
        rows.add(reader.seen());
      }
    }
    return rows;
  }

  private static Optional<Row> nextRow(RowReader reader) {
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
