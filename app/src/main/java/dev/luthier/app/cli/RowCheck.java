package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.platform.data.DataCheck;
import dev.luthier.platform.data.DataReport;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowMemory;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Checks a file of rows on this machine, by the very rules of the server; counts tokens when the
/// default base is there.
final class RowCheck {
  private RowCheck() {}

  static DataReport check(Path file, Which which, Config config) throws IOException {
    return check(file, which, Optional.empty(), config);
  }

  /// @param training for a validation file, the training file beside it
  static DataReport check(Path file, Which which, Optional<Path> training, Config config)
      throws IOException {
    present(file);
    training.ifPresent(RowCheck::present);
    RowRules rules = RowRules.supervised(file.getFileName().toString(), which);
    Optional<RowMemory> known =
        training.isEmpty() ? Optional.empty() : Optional.of(RowFile.remember(training.get()));
    Bases bases = Bases.of(config);
    if (!bases.present(config.base())) {
      return DataCheck.form(file, rules, known);
    }
    try (ModelText text = ModelText.open(bases.folder(config.base()))) {
      return DataCheck.whole(file, rules, text, known);
    }
  }

  /// Of rows of two answers, as method `dpo` reads them.
  static DataReport preferences(Path file, Which which, Config config) throws IOException {
    present(file);
    String name = file.getFileName().toString();
    Bases bases = Bases.of(config);
    if (!bases.present(config.base())) {
      return DataCheck.preferences(file, name, which);
    }
    try (ModelText text = ModelText.open(bases.folder(config.base()))) {
      return DataCheck.preferences(file, name, which, text);
    }
  }

  private static void present(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + " is no file.");
    }
  }
}
