package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges files by the rules of chat rows, measured by the base's own tokenizer and template.
public final class RowFileCheck implements FileCheck {
  @Override
  public Checked check(Path file, String fileId, Part part, BaseModel base) throws IOException {
    try (ModelText text = ModelText.open(base.folder())) {
      RowReport report =
          RowFile.check(file, RowRules.supervised(fileId), text.measure(text.contextLength()));
      Optional<JobError> error =
          report
              .failure(part == Part.TRAINING ? Which.TRAINING : Which.VALIDATION)
              .map(why -> new JobError(why.code(), why.message(), Optional.of(why.param())));
      return new Checked(report.examples(), error, warnings(report));
    }
  }

  private static List<String> warnings(RowReport report) {
    List<String> sentences =
        new ArrayList<>(report.warnings().stream().map(Finding::message).toList());
    if (report.furtherWarnings() > 0) {
      sentences.add("and " + report.furtherWarnings() + " more warnings of this kind");
    }
    return sentences;
  }
}
