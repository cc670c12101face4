package dev.luthier.text.rows;

/// The part that a file plays in a job.
public enum Which {
  TRAINING("training"),
  VALIDATION("validation");

  private final String word;

  Which(String word) {
    this.word = word;
  }

  /// As it stands in a sentence: `training`.
  public String word() {
    return word;
  }

  /// The parameter of the job that names the file: `training_file`.
  public String param() {
    return word + "_file";
  }
}
