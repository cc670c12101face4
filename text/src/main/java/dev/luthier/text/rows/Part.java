package dev.luthier.text.rows;

/// An object of a row that holds messages and tools: the row itself or its `input`.
///
/// @param words how sentences name it, as it follows "Example 3"; empty for the row itself
record Part(Place place, String words) {
  static final Part ROW = new Part(Place.ROOT, "");
  static final Part INPUT = new Part(Place.ROOT.member("input"), ", input");

  /// What follows "Example 3" in a sentence about something inside: `, input message 2`.
  String words(String inside) {
    return (words.isEmpty() ? "," : words) + " " + inside;
  }

  Place message(int index) {
    return place.member("messages").element(index);
  }

  /// Sentences count from 1.
  String messageWords(int index) {
    return words("message " + (index + 1));
  }
}
