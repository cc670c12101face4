package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checks a file of rows on this machine, by the very rules of the server; counts tokens when the
/// default base is there.
final class RowCheck {
  private RowCheck() {}

  static RowReport check(Path file, Config config) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + " is no file.");
    }
    RowRules rules = RowRules.supervised(file.getFileName().toString());
    Bases bases = Bases.of(config);
    if (!bases.present(config.base())) {
      return RowFile.check(file, rules);
    }
    try (ModelText text = ModelText.open(bases.folder(config.base()))) {
      return RowFile.check(file, rules, text.measure(text.contextLength()));
    }
  }
}
