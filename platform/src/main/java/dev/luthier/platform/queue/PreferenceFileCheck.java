package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PreferenceFile;
import dev.luthier.text.rows.PreferenceReport;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Judges files by the rules of preference rows, measured by the base's own tokenizer and template.
public final class PreferenceFileCheck implements FileCheck {
  @Override
  public Checked check(Path file, String fileId, Part part, BaseModel base) throws IOException {
    try (ModelText text = ModelText.open(base.folder())) {
      PreferenceReport report =
          PreferenceFile.check(file, fileId, text.measure(text.contextLength()));
      Optional<JobError> error =
          report
              .failure(part == Part.TRAINING ? Which.TRAINING : Which.VALIDATION)
              .map(why -> new JobError(why.code(), why.message(), Optional.of(why.param())));
      return new Checked(report.examples(), error, report.warnings());
    }
  }
}
