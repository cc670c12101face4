package dev.luthier.text.rows;

/// One line of a file, as far as it could be read.
public sealed interface Line {
  /// The line in its file, from 1.
  int number();

  /// A line of text, without its end.
  record Text(int number, String text) implements Line {}

  /// A line that is not UTF-8.
  ///
  /// @param column the character that it would be, from 1
  /// @param place the first wrong byte in the line, from 1
  /// @param offset the same byte in the file, from 0
  /// @param value what it is
  record NotUtf8(int number, int column, int place, long offset, int value) implements Line {}

  /// A line of more bytes than may be.
  record TooLong(int number, int bytesMax) implements Line {}
}
