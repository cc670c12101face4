package dev.luthier.platform.batches;

import dev.luthier.text.rows.Line;
import dev.luthier.text.rows.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.BitSet;
import java.util.Optional;

/// The requests of a checked file that are not answered yet, one after the other. Belongs to one
/// thread.
final class BatchLines implements AutoCloseable {
  private final LineReader lines;
  private final BitSet answered;

  BatchLines(InputStream content, BitSet answered) {
    this.lines = new LineReader(content, BatchFile.LINE_BYTES_MAX);
    this.answered = answered;
  }

  /// The next one; empty at the end.
  Optional<BatchLine> next() throws IOException {
    for (var line = lines.next(); line.isPresent(); line = lines.next()) {
      if (line.get() instanceof Line.Text(int number, String text)
          && !text.isBlank()
          && !answered.get(number)) {
        var request = BatchFile.JSON.readTree(text);
        return Optional.of(
            new BatchLine(number, request.path("custom_id").asString(), request.path("body")));
      }
    }
    return Optional.empty();
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
