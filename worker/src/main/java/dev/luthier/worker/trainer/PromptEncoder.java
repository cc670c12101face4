package dev.luthier.worker.trainer;

import dev.luthier.engine.train.Prompt;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PromptFile;
import dev.luthier.text.rows.PromptRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Turns reinforcement rows into prompts.
record PromptEncoder(ModelText text) {
  /// Prompts of rows that passed the check.
  ///
  /// @param which `training` or `validation`
  /// @throws JobFailure if a row is refused after all
  List<Prompt> encode(String which, List<PromptRow> rows) {
    return rows.stream().map(row -> prompt(which, row)).toList();
  }

  /// The rows of a file.
  ///
  /// @throws JobFailure if one is refused after all
  static List<PromptRow> read(String which, Path file) throws IOException {
    try {
      return PromptFile.read(file);
    } catch (IllegalStateException e) {
      throw refused(which, e);
    }
  }

  private Prompt prompt(String which, PromptRow row) {
    try {
      int[] tokens = text.encodePrompt(row.messages(), row.tools());
      if (tokens.length >= text.contextLength()) {
        throw refused(
            which,
            new IllegalStateException(
                "line %d: its %d tokens leave no room for an answer in a context of %d"
                    .formatted(row.line(), tokens.length, text.contextLength())));
      }
      return new Prompt(tokens);
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
