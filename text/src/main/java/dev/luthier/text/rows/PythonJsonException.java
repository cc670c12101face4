package dev.luthier.text.rows;

/// What is wrong with a JSON text, in Python's words.
final class PythonJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;
  private final int index;

  /// @param what Python's words, without the place
  /// @param index the place in the text
  /// @param words Python's words: what is wrong and where
  PythonJsonException(String what, int index, String words) {
    super(words, null, false, false); // no trace: it is the outcome of reading a user's line
    this.what = what;
    this.index = index;
  }

  String what() {
    return what;
  }

  int index() {
    return index;
  }

  /// The words, which are never missing.
  String words() {
    return String.valueOf(getMessage());
  }
}
