package dev.luthier.text.tokenizer;

/// Streams by the bytes of the tokens: UTF-8, one byte at a time.
///
/// A malformed sequence becomes one U+FFFD for each of its longest beginnings that could have
/// become a character (Unicode 3.9, "maximal subparts"), as in the native decoder. Java's own
/// decoder counts them otherwise.
final class ByteStreamDecoder implements StreamDecoder {
  private static final char REPLACEMENT = '\uFFFD';

  private final Vocabulary vocabulary;
  private int character;
  private int missing; // bytes until the character is complete; 0 between characters
  private int lowest; // bounds of the next byte
  private int highest;

  ByteStreamDecoder(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  @Override
  public String next(int id) {
    if (vocabulary.isControl(id)) {
      return "";
    }
    var text = new StringBuilder();
    for (byte value : vocabulary.bytesOf(id)) {
      accept(value & 0xFF, text);
    }
    return text.toString();
  }

  @Override
  public String end() {
    boolean incomplete = missing > 0;
    missing = 0;
    return incomplete ? String.valueOf(REPLACEMENT) : "";
  }

  private void accept(int value, StringBuilder text) {
    if (missing > 0 && (value < lowest || value > highest)) {
      text.append(REPLACEMENT);
      missing = 0;
    }
    if (missing == 0) {
      begin(value, text);
      return;
    }
    lowest = 0x80;
    highest = 0xBF;
    character = (character << 6) | (value & 0x3F);
    missing--;
    if (missing == 0) {
      text.appendCodePoint(character);
    }
  }

  private void begin(int value, StringBuilder text) {
    if (value < 0x80) {
      text.append((char) value);
    } else if (value >= 0xC2 && value <= 0xDF) {
      expect(1, value & 0x1F, 0x80, 0xBF);
    } else if (value >= 0xE0 && value <= 0xEF) { // neither overlong nor a surrogate
      expect(2, value & 0x0F, value == 0xE0 ? 0xA0 : 0x80, value == 0xED ? 0x9F : 0xBF);
    } else if (value >= 0xF0 && value <= 0xF4) { // neither overlong nor above U+10FFFF
      expect(3, value & 0x07, value == 0xF0 ? 0x90 : 0x80, value == 0xF4 ? 0x8F : 0xBF);
    } else {
      text.append(REPLACEMENT);
    }
  }

  private void expect(int bytes, int firstBits, int lowestNext, int highestNext) {
    missing = bytes;
    character = firstBits;
    lowest = lowestNext;
    highest = highestNext;
  }
}
