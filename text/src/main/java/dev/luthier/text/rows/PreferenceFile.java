package dev.luthier.text.rows;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;

/// A file of preference rows, one JSON object a line, as OpenAI's `dpo` reads it.
public final class PreferenceFile {
  private PreferenceFile() {}

  /// The rows of a file that passed the check, as [RowFile#read] has chat rows.
  public static Stream<PreferenceRow> read(Path file) throws IOException {
    return RowFile.read(file, RowKind.preferences(), PreferenceRow.class);
  }
}
