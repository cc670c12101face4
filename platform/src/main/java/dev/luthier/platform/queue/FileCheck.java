package dev.luthier.platform.queue;

import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.models.BaseModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Port: judges the content of a training or validation file for one base. Safe for many threads;
/// takes as long as the file is large.
@FunctionalInterface
public interface FileCheck {
  /// The part that the file plays in the job.
  enum Part {
    TRAINING,
    VALIDATION
  }

  /// What was found.
  ///
  /// @param error why the job cannot use the file
  /// @param warnings a sentence for each kind of them, about the first
  record Checked(int examples, Optional<JobError> error, List<String> warnings) {
    public Checked {
      warnings = List.copyOf(warnings);
    }
  }

  Checked check(Path file, String fileId, Part part, BaseModel base) throws IOException;

  /// Judges a validation file beside the training file that it is to be measured against.
  default Checked checkBeside(Path file, String fileId, Path training, BaseModel base)
      throws IOException {
    return check(file, fileId, Part.VALIDATION, base);
  }
}
