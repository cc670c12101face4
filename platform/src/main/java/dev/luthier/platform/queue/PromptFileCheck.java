package dev.luthier.platform.queue;

import dev.luthier.platform.graders.Grader;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.text.MessagesException;
import dev.luthier.text.ModelText;
import dev.luthier.text.rows.PromptFile;
import dev.luthier.text.rows.PromptRow;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Judges files of reinforcement rows: their form, whether each prompt leaves room for an answer,
/// and whether each has what the job's grader reads of it.
public final class PromptFileCheck implements FileCheck {
  private static final int TRAINING_MIN = 10;
  private static final int TRAINING_MAX = 50_000;
  private static final int VALIDATION_MAX = 1_000;

  private final Grader grader;

  public PromptFileCheck(Grader grader) {
    this.grader = grader;
  }

  @Override
  public Checked check(Path file, String fileId, Part part, BaseModel base) throws IOException {
    try (ModelText text = ModelText.open(base.folder())) {
      PromptFile.Report report =
          PromptFile.check(file, row -> tooLong(text, row).or(() -> lacking(row)));
      return new Checked(report.examples(), error(report, part), List.of());
    }
  }

  private static Optional<String> tooLong(ModelText text, PromptRow row) {
    try {
      int tokens = text.encodePrompt(row.messages(), row.tools()).length;
      return tokens < text.contextLength()
          ? Optional.empty()
          : Optional.of(
              ": its %d tokens leave no room for an answer in the model's context of %d"
                  .formatted(tokens, text.contextLength()));
    } catch (MessagesException e) {
      return Optional.of(" cannot be used: " + e.getMessage());
    }
  }

  private Optional<String> lacking(PromptRow row) {
    return Graders.missing(grader, row.item())
        .map(place -> " has nothing where the grader reads " + place);
  }

  private static Optional<JobError> error(PromptFile.Report report, Part part) {
    String which = part == Part.TRAINING ? "training" : "validation";
    String param = which + "_file";
    if (!report.errors().isEmpty()) {
      int more = report.errors().size() - 1 + report.furtherErrors();
      return Optional.of(
          new JobError(
              "invalid_" + param,
              "The job failed due to an invalid %s file. Invalid file format. %s%s"
                  .formatted(
                      which,
                      report.errors().getFirst(),
                      more == 0 ? "" : " (and " + more + " more)"),
              Optional.of(param)));
    }
    int least = part == Part.TRAINING ? TRAINING_MIN : 1;
    int most = part == Part.TRAINING ? TRAINING_MAX : VALIDATION_MAX;
    if (report.examples() < least || report.examples() > most) {
      String file = part == Part.TRAINING ? "Training" : "Validation";
      String rule =
          report.examples() < least ? "must have at least " + least : "can have at most " + most;
      return Optional.of(
          new JobError(
              "invalid_n_examples",
              "%s file has %d example(s), but %s examples".formatted(file, report.examples(), rule),
              Optional.of(param)));
    }
    return Optional.empty();
  }
}
