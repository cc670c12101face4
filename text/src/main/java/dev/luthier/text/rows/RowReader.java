package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Goes through a file row by row. Blank lines are no rows.
final class RowReader implements AutoCloseable {
  private final LineReader lines;
  private final RowRules rules;
  private int examples;
  private int blankFrom;
  private boolean returnsTold;
  private String text = "";
  private Complaints complaints;
  private Optional<Row> row = Optional.empty();

  RowReader(Path file, RowRules rules) throws IOException {
    this.rules = rules;
    complaints = new Complaints(new Findings(rules.examplesPerCode()), 0, 0, "");
    lines = new LineReader(Files.newInputStream(file), rules.lineBytesMax());
  }

  /// Goes to the next row; false at the end.
  boolean advance() throws IOException {
    Optional<Line> line = nextExample();
    if (line.isEmpty()) {
      return false;
    }
    text = line.get() instanceof Line.Text(int _, String whole) ? whole : "";
    complaints =
        new Complaints(new Findings(rules.examplesPerCode()), line.get().number(), examples, text);
    tellOfBytes();
    row = json(line.get()).flatMap(new FormCheck(rules, complaints)::check);
    return true;
  }

  /// Goes past the next row without looking at it; false at the end.
  boolean skip() throws IOException {
    return nextExample().isPresent();
  }

  private Optional<Line> nextExample() throws IOException {
    Optional<Line> line = lines.next();
    blankFrom = 0;
    while (line.isPresent() && isBlank(line.get())) {
      blankFrom = blankFrom == 0 ? line.get().number() : blankFrom;
      line = lines.next();
    }
    examples += line.isPresent() ? 1 : 0;
    return line;
  }

  /// What is odd about the bytes before and around a row. Blank lines at the end of a file are none
  /// of it, and the way lines end is told once.
  private void tellOfBytes() {
    if (examples == 1 && lines.marked()) {
      odd(1, FindingCode.BYTE_ORDER_MARK, "The file begins with a byte order mark (U+FEFF).");
    }
    for (int line = blankFrom; line > 0 && line < complaints.line(); line++) {
      odd(line, FindingCode.BLANK_LINE, "The line is blank.");
    }
    if (lines.endedByReturn() && !returnsTold) {
      returnsTold = true;
      odd(
          complaints.line(),
          FindingCode.CARRIAGE_RETURNS,
          "Lines end with a carriage return, as Windows writes them.");
    }
  }

  private void odd(int line, FindingCode code, String sentence) {
    complaints.findings().add(new Finding(line, 0, 0, Severity.WARNING, code, sentence, Map.of()));
  }

  private static boolean isBlank(Line line) {
    return line instanceof Line.Text(int _, String text) && text.isBlank();
  }

  private Optional<JsonNode> json(Line line) {
    return switch (line) {
      case Line.Text(int number, String whole) -> {
        try {
          yield Optional.of(PythonJson.parse(whole, new OddJson(complaints)));
        } catch (PythonJsonException e) {
          yield invalid(whole, number, e);
        }
      }
      case Line.NotUtf8(int number, int column, int place, long offset, int value) ->
          unreadable(
              FindingCode.NOT_UTF8,
              column,
              "line is not UTF-8: byte %d of the line (byte %d of the file) is 0x%02x"
                  .formatted(place, offset + 1, value),
              number);
      case Line.TooLong(int number, int bytesMax) ->
          unreadable(
              FindingCode.LINE_TOO_LONG,
              0,
              "line is longer than the " + bytesMax + " bytes it may have",
              number);
    };
  }

  private Optional<JsonNode> invalid(String whole, int line, PythonJsonException e) {
    FindingCode code = JsonFault.of(whole, e);
    if (code == FindingCode.JSON_ARRAY) {
      complaints.aboutFile(
          code,
          "Unexpected file format, expected either prompt/completion pairs or chat messages.");
      return Optional.empty();
    }
    return unreadable(
        code,
        JsonPlaces.column(whole, e.index()),
        "line contains invalid json: " + e.words(),
        line);
  }

  private Optional<JsonNode> unreadable(FindingCode code, int column, String why, int line) {
    complaints.at(
        Severity.ERROR,
        code,
        column,
        " cannot be parsed. Error: " + why + " (line " + line + ")",
        "n",
        String.valueOf(column));
    return Optional.empty();
  }

  /// What Python takes although it is odd.
  private record OddJson(Complaints complaints) implements PythonJson.Oddities {
    @Override
    public void keyTwice(String key, int index) {
      complaints.at(
          Severity.WARNING,
          FindingCode.DUPLICATE_KEY,
          JsonPlaces.column(complaints.text(), index),
          " has the key \"" + key + "\" twice; the later one counts",
          "key",
          key);
    }

    @Override
    public void notANumber(String word, int index) {
      complaints.at(
          Severity.WARNING,
          FindingCode.NOT_A_NUMBER,
          JsonPlaces.column(complaints.text(), index),
          " has " + word + " where JSON knows no such number",
          "word",
          word);
    }
  }

  /// The row, if it is good.
  Optional<Row> row() {
    return row;
  }

  /// The example, good or not.
  CheckedRow checked() {
    return new CheckedRow(row, complaints);
  }

  /// The example as people are shown it.
  SeenRow seen() {
    SecretScan.scan(complaints);
    List<Finding> findings =
        complaints.findings().kept().stream()
            .filter(finding -> finding.line() == complaints.line())
            .toList();
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
    return complaints.findings().kept().stream()
        .filter(finding -> finding.severity() == Severity.ERROR)
        .map(Finding::message)
        .findFirst()
        .orElse("no error");
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
