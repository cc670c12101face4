package dev.luthier.text.rows;

/// What is wrong with a JSON text, in Python's words.
final class PythonJsonException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PythonJsonException(String message) {
    super(message, null, false, false); // no trace: it is the outcome of reading a user's line
  }

  /// The words, which are never missing.
  String words() {
    return String.valueOf(getMessage());
  }
}
