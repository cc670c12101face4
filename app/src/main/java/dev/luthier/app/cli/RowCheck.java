package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.platform.data.DataCheck;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Checks a file of rows on this machine, by the very rules of the server; counts tokens when the
/// default base is there.
final class RowCheck {
  private RowCheck() {}

  /// @param method what is to train on the rows
  /// @param training for a validation file, the training file beside it
  static DataReport check(
      Path file, Which which, TrainingMethod method, Optional<Path> training, Config config)
      throws IOException {
    present(file);
    training.ifPresent(RowCheck::present);
    var check = new DataCheck(file, file.getFileName().toString(), method, which, training);
    Bases bases = Bases.of(config);
    if (!bases.present(config.base())) {
      return check.form();
    }
    try (ModelText text = ModelText.open(bases.folder(config.base()))) {
      return check.whole(text);
    }
  }

  private static void present(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new CliException(ExitCode.USAGE, file + " is no file.");
    }
  }
}
