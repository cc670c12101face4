package dev.luthier.platform.jobs;

import java.util.Optional;

/// Why a job failed, in words for its user.
///
/// @param param `training_file`, `validation_file` or empty
public record JobError(String code, String message, Optional<String> param) {
  public JobError {
    if (code.isBlank() || message.isBlank()) {
      throw new IllegalArgumentException("a job's error needs a code and a message");
    }
  }
}
