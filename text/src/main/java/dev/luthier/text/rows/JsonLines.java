package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Goes through a file of one JSON value a line. Blank lines are none; memory does not grow with
/// the file.
final class JsonLines implements AutoCloseable {
  private final LineReader lines;

  JsonLines(Path file, int lineBytesMax) throws IOException {
    lines = new LineReader(Files.newInputStream(file), lineBytesMax);
  }

  /// A line's value, or why there is none.
  ///
  /// @param number the line in the file, from 1
  /// @param fault as it follows "Example 3"; empty where there is a value
  record JsonLine(int number, Optional<JsonNode> value, String fault) {}

  /// The next that is not blank; empty at the end.
  Optional<JsonLine> next() throws IOException {
    Optional<Line> line = lines.next();
    while (line.isPresent() && isBlank(line.get())) {
      line = lines.next();
    }
    return line.map(JsonLines::read);
  }

  private static boolean isBlank(Line line) {
    return line instanceof Line.Text(int _, String text) && text.isBlank();
  }

  private static JsonLine read(Line line) {
    return switch (line) {
      case Line.Text(int number, String text) -> {
        try {
          yield new JsonLine(number, Optional.of(PythonJson.parse(text)), "");
        } catch (PythonJsonException e) {
          yield unreadable(number, "line contains invalid json: " + e.words());
        }
      }
      case Line.NotUtf8 bad -> unreadable(bad.number(), "line is not UTF-8");
      case Line.TooLong(int number, int bytesMax) ->
          unreadable(number, "line is longer than the " + bytesMax + " bytes it may have");
    };
  }

  private static JsonLine unreadable(int number, String why) {
    String fault = " cannot be parsed. Error: " + why + " (line " + number + ")";
    return new JsonLine(number, Optional.empty(), fault);
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
