package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A file of reinforcement rows, one JSON object a line.
public final class PromptFile {
  private PromptFile() {}

  /// The rows of a file that passed the check.
  ///
  /// @throws IllegalStateException if one does not after all
  public static List<PromptRow> read(Path file) throws IOException {
    try (Stream<PromptRow> rows = RowFile.read(file, RowKind.prompts(), PromptRow.class)) {
      return rows.toList();
    }
  }
}
