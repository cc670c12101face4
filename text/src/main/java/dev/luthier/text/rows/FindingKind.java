package dev.luthier.text.rows;

/// The kinds of findings, as far as OpenAI's codes and sentences tell them apart.
public enum FindingKind {
  /// A line that cannot be read or a row that is wrong.
  INVALID_ROW,
  /// Another format of file than the job needs.
  INVALID_FILE,
  /// A key too many.
  EXTRA_KEY,
  /// A key of the row too few.
  MISSING_KEY,
  /// A row, or a whole file, of which nothing is trained.
  NOTHING_TRAINED,
  /// A row longer than the model's context.
  ROW_CUT;

  /// The `code` of a job that fails for it.
  String code(Which which) {
    if (which == Which.VALIDATION) {
      return "invalid_validation_file";
    }
    return switch (this) {
      case EXTRA_KEY, MISSING_KEY -> "invalid_file_format";
      case INVALID_ROW, INVALID_FILE, NOTHING_TRAINED, ROW_CUT -> "invalid_training_file";
    };
  }

  /// What a job's error says before the finding itself.
  String preamble(Which which) {
    String invalid = "The job failed due to an invalid " + which.word() + " file. ";
    return switch (this) {
      case EXTRA_KEY ->
          "The job failed due to a file format error in the "
              + which.word()
              + " file. Invalid file format. ";
      case MISSING_KEY -> "Invalid file format. ";
      case INVALID_ROW, NOTHING_TRAINED, ROW_CUT -> invalid + "Invalid file format. ";
      case INVALID_FILE -> invalid;
    };
  }
}
