package dev.luthier.text.rows;

/// The kinds of findings, as far as OpenAI's codes and sentences tell them apart.
public enum FindingKind {
  /// `invalid_training_file`: a line that cannot be read or a row that is wrong.
  INVALID_FILE,
  /// `invalid_file_format` with a sentence before it: a key too many.
  FILE_FORMAT,
  /// `invalid_file_format` without it: a key too few.
  MISSING_KEY,
  /// `invalid_n_examples`.
  TOO_FEW_EXAMPLES,
  /// A row of which nothing is trained.
  NOTHING_TRAINED,
  /// A row longer than the model's context.
  ROW_CUT
}
