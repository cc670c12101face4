package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.Finding;
import dev.luthier.text.rows.FindingCount;
import dev.luthier.text.rows.RowFile;
import dev.luthier.text.rows.RowKind;
import dev.luthier.text.rows.RowMemory;
import dev.luthier.text.rows.RowReport;
import dev.luthier.text.rows.RowRules;
import dev.luthier.text.rows.Severity;
import dev.luthier.text.rows.Which;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Judges files of rows, measured by the base's own tokenizer and template.
public final class RowFileCheck implements FileCheck {
  private final RowKind kind;

  /// @param kind what the rows are for
  public RowFileCheck(RowKind kind) {
    this.kind = kind;
  }

  @Override
  public Checked check(Path file, String fileId, Part part, BaseModel base) throws IOException {
    Which which = part == Part.TRAINING ? Which.TRAINING : Which.VALIDATION;
    return check(file, RowRules.of(fileId, which, kind), base, Optional.empty());
  }

  @Override
  public Checked checkBeside(Path file, String fileId, Path training, BaseModel base)
      throws IOException {
    RowRules rules = RowRules.of(fileId, Which.VALIDATION, kind);
    return check(file, rules, base, Optional.of(RowFile.remember(training, kind)));
  }

  private static Checked check(
      Path file, RowRules rules, BaseModel base, Optional<RowMemory> training) throws IOException {
    try (ModelText text = ModelText.open(base.folder())) {
      RowReport report =
          RowFile.check(file, rules, Optional.of(text.measure(text.contextLength())), training);
      Optional<JobError> error =
          report
              .failure()
              .map(why -> new JobError(why.code(), why.message(), Optional.of(why.param())));
      return new Checked(report.examples(), error, warnings(report));
    }
  }

  /// One sentence for each kind of warning: the first, and how many more there are.
  private static List<String> warnings(RowReport report) {
    List<String> sentences = new ArrayList<>();
    for (FindingCount count : report.counts()) {
      if (count.severity() == Severity.WARNING) {
        Finding first =
            report.warnings().stream()
                .filter(finding -> finding.code() == count.code())
                .findFirst()
                .orElseThrow();
        long more = count.count() - 1;
        sentences.add(first.message() + (more == 0 ? "" : " (and " + more + " more like it)"));
      }
    }
    return sentences;
  }
}
