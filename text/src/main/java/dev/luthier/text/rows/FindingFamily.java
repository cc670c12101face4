package dev.luthier.text.rows;

/// The families of findings, as far as OpenAI's codes and sentences tell them apart when a job
/// fails for one.
enum FindingFamily {
  /// A line that cannot be read or a row that is wrong.
  ROW,
  /// Another format of file than the job needs.
  FILE,
  /// A key too many.
  EXTRA_KEY,
  /// A key of the row too few.
  MISSING_KEY,
  /// Too few rows, or too many.
  COUNT;

  /// The `code` of the job.
  String code(Which which) {
    return switch (this) {
      case EXTRA_KEY, MISSING_KEY ->
          which == Which.VALIDATION ? "invalid_validation_file" : "invalid_file_format";
      case ROW, FILE -> "invalid_" + which.param();
      case COUNT -> "invalid_n_examples";
    };
  }

  /// What the job's error says before the finding itself.
  String preamble(Which which) {
    String invalid = "The job failed due to an invalid " + which.word() + " file. ";
    return switch (this) {
      case EXTRA_KEY ->
          "The job failed due to a file format error in the "
              + which.word()
              + " file. Invalid file format. ";
      case MISSING_KEY -> "Invalid file format. ";
      case ROW -> invalid + "Invalid file format. ";
      case FILE -> invalid;
      case COUNT -> "";
    };
  }
}
