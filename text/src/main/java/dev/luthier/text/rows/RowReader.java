package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Goes through a file row by row. Blank lines are no rows.
final class RowReader implements AutoCloseable {
  private final LineReader lines;
  private final RowRules rules;
  private int examples;
  private int characters;
  private String text = "";
  private Complaints complaints;
  private Optional<ChatRow> row = Optional.empty();

  RowReader(Path file, RowRules rules) throws IOException {
    this.rules = rules;
    complaints = new Complaints(new Findings(rules.findingsMax()), 0, 0);
    lines = new LineReader(Files.newInputStream(file), rules.lineBytesMax());
  }

  /// Goes to the next row; false at the end.
  boolean advance() throws IOException {
    Optional<Line> line = nextExample();
    if (line.isEmpty()) {
      return false;
    }
    text = line.get() instanceof Line.Text(int _, String whole) ? whole : "";
    complaints = new Complaints(new Findings(rules.findingsMax()), line.get().number(), examples);
    characters = text.length();
    row = json(line.get()).flatMap(new RowCheck(complaints, rules.fileId())::check);
    return true;
  }

  /// Goes past the next row without looking at it; false at the end.
  boolean skip() throws IOException {
    return nextExample().isPresent();
  }

  private Optional<Line> nextExample() throws IOException {
    Optional<Line> line = lines.next();
    while (line.isPresent() && isBlank(line.get())) {
      line = lines.next();
    }
    examples += line.isPresent() ? 1 : 0;
    return line;
  }

  private static boolean isBlank(Line line) {
    return line instanceof Line.Text(int _, String text) && text.isBlank();
  }

  private Optional<JsonNode> json(Line line) {
    return switch (line) {
      case Line.Text(int number, String text) -> {
        try {
          yield Optional.of(PythonJson.parse(text));
        } catch (PythonJsonException e) {
          yield unreadable("line contains invalid json: " + e.words(), number);
        }
      }
      case Line.NotUtf8(int number, int column, long offset, int value) ->
          unreadable(
              "line is not UTF-8: byte %d of the line (byte %d of the file) is 0x%02x"
                  .formatted(column, offset + 1, value),
              number);
      case Line.TooLong(int number, int bytesMax) ->
          unreadable("line is longer than the " + bytesMax + " bytes it may have", number);
    };
  }

  private Optional<JsonNode> unreadable(String why, int line) {
    complaints.row(" cannot be parsed. Error: " + why + " (line " + line + ")");
    return Optional.empty();
  }

  /// The row, if it is good.
  Optional<ChatRow> row() {
    return row;
  }

  /// The example, good or not.
  CheckedRow checked() {
    return new CheckedRow(row, complaints, characters);
  }

  /// The example as people are shown it.
  SeenRow seen() {
    List<Finding> findings = complaints.findings().report(examples, 0, 0).findings();
    return new SeenRow(complaints.line(), examples, text, row, findings);
  }

  RowRules rules() {
    return rules;
  }

  int examples() {
    return examples;
  }

  /// Why there is no row.
  String reason() {
    return complaints
        .findings()
        .report(examples, 0, 0)
        .failure(Which.TRAINING)
        .map(RowFailure::message)
        .orElse("no error");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
