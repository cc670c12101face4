package dev.luthier.text.rows;

import dev.luthier.text.rows.JsonLines.JsonLine;
import dev.luthier.text.rows.PreferenceReport.Fault;
import dev.luthier.text.rows.PreferenceReport.Remark;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// A file of preference rows, one JSON object a line, as OpenAI's `dpo` reads it. Read as a stream:
/// memory does not grow with the file.
public final class PreferenceFile {
  private static final int FINDINGS_MAX = 100;
  private static final int LINE_BYTES_MAX = 16 << 20;

  private PreferenceFile() {}

  /// Checks the form of every row and measures the good ones.
  ///
  /// @param fileId how messages call the file
  /// @param measure measures either conversation of a row
  public static PreferenceReport check(Path file, String fileId, RowMeasure measure)
      throws IOException {
    var check = new Check(fileId, measure);
    try (var lines = new JsonLines(file, LINE_BYTES_MAX)) {
      for (var line = lines.next(); line.isPresent(); line = lines.next()) {
        check.add(line.get());
      }
    }
    return check.report();
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

  /// Goes through a file and keeps what is to be said.
  private static final class Check {
    private final String fileId;
    private final RowMeasure measure;
    private final List<Remark> remarks = new ArrayList<>();
    private int examples;
    private int further;
    private boolean anyError;

    Check(String fileId, RowMeasure measure) {
      this.fileId = fileId;
      this.measure = measure;
    }

    void add(JsonLine line) {
      examples++;
      if (line.value().isEmpty()) {
        error(line, Fault.ROW, line.fault());
        return;
      }
      JsonNode value = line.value().get();
      if (value.isObject() && value.has("messages") && !value.has("input")) {
        keep(
            line,
            Optional.of(Fault.ROW),
            "Input file "
                + fileId
                + " is in the fine-tune-chat format, but the specified fine-tuning job is not using"
                + " 'supervised' as the training method (provided method=dpo).");
        return;
      }
      new PreferenceCheck((fault, clause) -> error(line, fault, clause))
          .check(line.number(), value)
          .ifPresent(row -> measure(line, row));
    }

    private void measure(JsonLine line, PreferenceRow row) {
      try {
        RowLength preferred = measure.measure(row.preferredRow());
        RowLength other = measure.measure(row.otherRow());
        int lost = preferred.tokensLost() + other.tokensLost();
        if (preferred.trainedTokens() == 0 || other.trainedTokens() == 0) {
          error(
              line,
              Fault.ROW,
              " is too long: nothing of an answer is left where the model's context ends");
        } else if (lost > 0) {
          warn(
              line,
              " (line %d) is longer than the model's context: %d tokens were cut off its ends"
                  .formatted(line.number(), lost));
        }
      } catch (RowRefusedException e) {
        error(line, Fault.ROW, String.valueOf(e.getMessage()));
      }
    }

    private void error(JsonLine line, Fault fault, String clause) {
      keep(line, Optional.of(fault), "Example " + examples + clause);
    }

    private void warn(JsonLine line, String clause) {
      keep(line, Optional.empty(), "Example " + examples + clause);
    }

    /// The first error is kept, whatever came before.
    private void keep(JsonLine line, Optional<Fault> fault, String message) {
      var remark = new Remark(line.number(), examples, fault, message);
      boolean first = fault.isPresent() && !anyError;
      anyError |= fault.isPresent();
      if (remarks.size() < FINDINGS_MAX) {
        remarks.add(remark);
      } else if (first) {
        remarks.set(FINDINGS_MAX - 1, remark);
      } else if (fault.isPresent()) {
        further++;
      }
    }

    PreferenceReport report() {
      return new PreferenceReport(examples, remarks, further);
    }
  }
}
