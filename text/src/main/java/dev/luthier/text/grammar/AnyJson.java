package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Bytes;
import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Repeat;
import dev.luthier.text.grammar.Part.Sequence;

/// JSON that no schema describes.
final class AnyJson {
  /// So deep may objects and arrays lie in each other; readers of JSON have a limit too.
  static final int DEPTH_MAX = 32;

  private static final int WHOLE_DIGITS_MAX = 18;
  private static final Bytes DIGIT = Bytes.range('0', '9');

  static final Part STRING = JsonText.string(0, Repeat.ENDLESS);
  static final Part BOOLEAN = new Choice(new Literal("true"), new Literal("false"));
  static final Part NULL = new Literal("null");
  static final Part INTEGER =
      new Sequence(
          new Repeat(new Literal("-"), 0, 1),
          new Choice(
              new Literal("0"),
              new Sequence(Bytes.range('1', '9'), new Repeat(DIGIT, 0, WHOLE_DIGITS_MAX - 1))));
  static final Part NUMBER =
      new Sequence(
          INTEGER,
          new Repeat(
              new Sequence(new Literal("."), new Repeat(DIGIT, 1, Numeral.FRACTION_DIGITS_MAX)),
              0,
              1),
          new Repeat(
              new Sequence(
                  new Choice(new Literal("e"), new Literal("E")),
                  new Repeat(new Choice(new Literal("+"), new Literal("-")), 0, 1),
                  new Repeat(DIGIT, 1, 2)),
              0,
              1));

  static final Part VALUE;
  static final Part OBJECT;
  static final Part ARRAY;

  static {
    Part value = new Choice(STRING, NUMBER, BOOLEAN, NULL);
    Part object = map(STRING, value, 0, Repeat.ENDLESS);
    Part array = array(value, 0, Repeat.ENDLESS);
    for (int depth = 1; depth < DEPTH_MAX; depth++) {
      value = new Choice(STRING, NUMBER, BOOLEAN, NULL, object, array);
      object = map(STRING, value, 0, Repeat.ENDLESS);
      array = array(value, 0, Repeat.ENDLESS);
    }
    VALUE = value;
    OBJECT = object;
    ARRAY = array;
  }

  private AnyJson() {}

  /// An object of keys that nobody named, each of which may come several times.
  static Part map(Part key, Part value, int min, int max) {
    Part property = new Sequence(key, new Literal(":"), Blanks.ONE, value);
    return list("{", property, "}", min, max);
  }

  static Part array(Part item, int min, int max) {
    return list("[", item, "]", min, max);
  }

  private static Part list(String open, Part item, String close, int min, int max) {
    Part empty = new Literal(open + close);
    if (max == 0) {
      return empty;
    }
    // The first item stands by itself, so that without any possible one only the empty list is
    // left, and what is repeated can be satisfied.
    Part filled =
        new Sequence(
            new Literal(open),
            Blanks.LINE,
            item,
            new Repeat(
                new Sequence(new Literal(","), Blanks.LINE, item),
                Math.max(0, min - 1),
                max == Repeat.ENDLESS ? max : max - 1),
            Blanks.LINE,
            new Literal(close));
    return min > 0 ? filled : new Choice(empty, filled);
  }
}
