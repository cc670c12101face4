package dev.luthier.app.cli;

import dev.luthier.text.rows.Row;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The system prompt that training rows begin with.
final class SystemPrompt {
  private SystemPrompt() {}

  /// Empty when a row has none or another one.
  static Optional<String> sharedByAll(Path file, RowKind kind) {
    try (Stream<Row> rows = RowFile.read(file, kind)) {
      Optional<String> shared = Optional.empty();
      for (Iterator<Row> each = rows.iterator(); each.hasNext(); ) {
        Optional<String> here = of(each.next());
        if (here.isEmpty() || (shared.isPresent() && !shared.equals(here))) {
          return Optional.empty();
        }
        shared = here;
      }
      return shared;
    } catch (IOException failure) {
      throw new CliException(
          ExitCode.FAILED, file + " cannot be read any more: " + failure.getMessage());
    }
  }

  private static Optional<String> of(Row row) {
    JsonNode first = row.conversations().getFirst().messages().path(0);
    return first.path("role").asString("").equals("system") && first.path("content").isString()
        ? Optional.of(first.path("content").asString())
        : Optional.empty();
  }
}
