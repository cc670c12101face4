package dev.luthier.text.grammar;

import dev.luthier.text.grammar.CodePoints.Range;
import dev.luthier.text.grammar.Part.Bytes;
import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Repeat;
import dev.luthier.text.grammar.Part.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Characters as they stand between the quotation marks of a JSON string, in UTF-8.
final class JsonText {
  private static final int ASCII_LAST = 0x7F;
  private static final String ESCAPED = "\"\\\b\f\n\r\t";
  private static final String ESCAPES = "\"\\bfnrt";
  private static final int[] LAST_OF_LENGTH = {ASCII_LAST, 0x7FF, 0xFFFF, Character.MAX_CODE_POINT};
  private static final Bytes DIGIT = Bytes.range('0', '9');
  private static final Bytes HEX = DIGIT.or(Bytes.range('a', 'f')).or(Bytes.range('A', 'F'));

  /// Any character, escaped or not. Half of a surrogate pair is none.
  static final Part CHARACTER =
      new Choice(one(CodePoints.ALL), new Literal("\\/"), escapedByNumber());

  private JsonText() {}

  /// A string of `min` to `max` characters, with its quotation marks.
  static Part string(int min, int max) {
    return quoted(new Repeat(CHARACTER, min, max));
  }

  static Part quoted(Part content) {
    return new Sequence(new Literal("\""), content, new Literal("\""));
  }

  /// One character of a set, escaped only if it must be.
  static Part one(CodePoints set) {
    List<Part> parts = new ArrayList<>();
    Bytes plain = new Bytes(0, 0, 0, 0);
    for (Range range : set.within(0, ASCII_LAST).ranges()) {
      for (int c = range.first(); c <= range.last(); c++) {
        if (c < ' ' || ESCAPED.indexOf(c) >= 0) {
          parts.add(escaped(c));
        } else {
          plain = plain.or(Bytes.range(c, c));
        }
      }
    }
    if (!plain.equals(new Bytes(0, 0, 0, 0))) {
      parts.add(plain);
    }
    for (int length = 2; length <= 4; length++) {
      int last = LAST_OF_LENGTH[length - 1];
      for (Range range : set.within(LAST_OF_LENGTH[length - 2] + 1, last).ranges()) {
        addBytes(range.first(), range.last(), length, parts);
      }
    }
    return parts.size() == 1 ? parts.getFirst() : new Choice(parts);
  }

  private static Part escaped(int c) {
    int at = ESCAPED.indexOf(c);
    return new Literal(
        at >= 0 ? "\\" + ESCAPES.charAt(at) : String.format(Locale.ROOT, "\\u%04x", c));
  }

  /// `\\uXXXX`, but for surrogates, which would have to come in pairs.
  private static Part escapedByNumber() {
    Bytes notD = DIGIT.or(Bytes.range('a', 'c')).or(Bytes.range('A', 'C'));
    Part first = notD.or(Bytes.range('e', 'f')).or(Bytes.range('E', 'F'));
    Part d = Bytes.range('d', 'd').or(Bytes.range('D', 'D'));
    return new Sequence(
        new Literal("\\u"),
        new Choice(new Sequence(first, HEX), new Sequence(d, Bytes.range('0', '7'))),
        HEX,
        HEX);
  }

  /// Splits a range of characters of one length in UTF-8 until each byte of a piece is a range of
  /// its own.
  private static void addBytes(int first, int last, int length, List<Part> parts) {
    for (int low = 1; low < length; low++) {
      int below = (1 << (6 * low)) - 1; // of the last `low` bytes
      if ((first & ~below) != (last & ~below)) {
        if ((first & below) != 0) {
          addBytes(first, first | below, length, parts);
          addBytes((first | below) + 1, last, length, parts);
          return;
        }
        if ((last & below) != below) {
          addBytes(first, (last & ~below) - 1, length, parts);
          addBytes(last & ~below, last, length, parts);
          return;
        }
      }
    }
    byte[] from = Character.toString(first).getBytes(StandardCharsets.UTF_8);
    byte[] to = Character.toString(last).getBytes(StandardCharsets.UTF_8);
    List<Part> bytes = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      bytes.add(Bytes.range(Byte.toUnsignedInt(from[i]), Byte.toUnsignedInt(to[i])));
    }
    parts.add(new Sequence(bytes));
  }
}
