package dev.luthier.worker.trainer;

import dev.luthier.engine.train.TrainingExample;
import dev.luthier.text.EncodedRow;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.ChatRow;
import dev.luthier.text.rows.InOrder;
import dev.luthier.text.rows.RowFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Turns rows into examples and says which had to be cut.
final class RowEncoder {
  private static final int WARNINGS_MAX = 100;

  private final ModelText text;
  private final Consumer<String> warnings;

  RowEncoder(ModelText text, Consumer<String> warnings) {
    this.text = text;
    this.warnings = warnings;
  }

  /// Encodes a file that passed the check.
  ///
  /// @param which `training` or `validation`
  /// @throws JobFailure if a row is refused after all
  List<TrainingExample> encode(String which, Path file) throws IOException {
    var taken = new Taken(which);
    try (var rows = RowFile.read(file);
        var encoded =
            new InOrder<ChatRow, Encoded>(
                "row-encoder",
                row -> new Encoded(row.line(), encode(which, row)),
                ChatRow::characters,
                taken::add)) {
      for (ChatRow row : (Iterable<ChatRow>) rows::iterator) {
        encoded.add(row);
      }
      encoded.finish();
    } catch (IllegalStateException e) {
      throw refused(which, e);
    }
    return taken.examples();
  }

  private record Encoded(int line, EncodedRow row) {}

  /// The examples so far, and how many rows had to be cut.
  private final class Taken {
    private final String which;
    private final List<TrainingExample> examples = new ArrayList<>();
    private int cut;

    Taken(String which) {
      this.which = which;
    }

    void add(Encoded encoded) {
      EncodedRow row = encoded.row();
      examples.add(new TrainingExample(row.tokens(), row.trained()));
      if (row.tokensLost() > 0 && ++cut <= WARNINGS_MAX) {
        warnings.accept(
            "Line %d of the %s file is longer than the model's context of %d tokens and was cut at its end: %d tokens lost"
                .formatted(encoded.line(), which, text.contextLength(), row.tokensLost()));
      }
    }

    List<TrainingExample> examples() {
      if (cut > WARNINGS_MAX) {
        warnings.accept(
            "%d further lines of the %s file were cut at their end"
                .formatted(cut - WARNINGS_MAX, which));
      }
      return examples;
    }
  }

  private EncodedRow encode(String which, ChatRow row) {
    try {
      return text.encodeRow(row, text.contextLength());
    } catch (MessagesException e) {
      throw refused(
          which, new IllegalStateException("line %d: %s".formatted(row.line(), e.getMessage()), e));
    }
  }

  private static JobFailure refused(String which, IllegalStateException cause) {
    return new JobFailure(
        "invalid_" + which + "_file",
        "The %s file cannot be used: %s".formatted(which, cause.getMessage()),
        which + "_file",
        cause);
  }
}
