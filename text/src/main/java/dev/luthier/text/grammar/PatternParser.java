package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Repeat;
import dev.luthier.text.grammar.Part.Sequence;
import java.util.ArrayList;
import java.util.List;

/// Reads a regular expression of JSON Schema (ECMA-262) and gives the strings in which it is found.
///
/// What looks beyond the characters it takes (assertions, back references) is refused, and so are
/// classes by Unicode property. `^` and `$` may stand at the ends of the outermost alternatives.
final class PatternParser {
  private static final int REPEAT_MAX = 10_000;
  private static final int DEPTH_MAX = 100;
  private static final CodePoints DIGIT = CodePoints.of('0', '9');
  private static final CodePoints WORD =
      DIGIT.or(CodePoints.of('a', 'z')).or(CodePoints.of('A', 'Z')).or(CodePoints.of('_'));
  private static final CodePoints BLANK =
      CodePoints.of("\t\n\u000B\f\r \u00A0\u1680\u2028\u2029\u202F\u205F\u3000\uFEFF")
          .or(CodePoints.of(0x2000, 0x200A));
  private static final CodePoints DOT = CodePoints.of("\n\r\u2028\u2029").negated();

  private final String pattern;
  private final boolean marked;
  private int at;
  private int depth;

  private PatternParser(String pattern, boolean marked) {
    this.pattern = pattern;
    this.marked = marked;
  }

  /// The content of a JSON string that a pattern matches somewhere.
  ///
  /// @throws SchemaException in words that end with the pattern
  static Part parse(String pattern) {
    return new PatternParser(pattern, false).parsed();
  }

  /// As [#parse], with each character a rule of its own, so that they can be counted.
  static Part characters(String pattern) {
    return new PatternParser(pattern, true).parsed();
  }

  private Part parsed() {
    List<Part> branches = new ArrayList<>();
    do {
      branches.add(searched());
    } while (taken('|'));
    if (at < pattern.length()) {
      throw refused("there is a ')' without a '('");
    }
    return new Choice(branches);
  }

  private Part searched() {
    boolean fromStart = taken('^');
    List<Part> parts = terms();
    boolean toEnd = taken('$');
    if (!atEnd() && peek() != '|' && peek() != ')') {
      throw refused("'$' may stand only at the end of an outermost alternative");
    }
    Part any = new Repeat(one(CodePoints.ALL), 0, Repeat.ENDLESS);
    if (!fromStart) {
      parts.addFirst(any);
    }
    if (!toEnd) {
      parts.add(any);
    }
    return new Sequence(parts);
  }

  private Part group() {
    if (++depth > DEPTH_MAX) {
      throw refused("groups are more than " + DEPTH_MAX + " deep");
    }
    if (taken('?')) {
      if (taken('<')) {
        int end = pattern.indexOf('>', at);
        if (end < 0 || peek() == '=' || peek() == '!') {
          throw refused("looking behind is not supported");
        }
        at = end + 1;
      } else if (!taken(':')) {
        throw refused("looking ahead is not supported");
      }
    }
    List<Part> branches = new ArrayList<>();
    do {
      branches.add(new Sequence(terms()));
    } while (taken('|'));
    if (!taken(')')) {
      throw refused(
          atEnd() ? "a ')' is missing" : "'^' and '$' inside of a group are not supported");
    }
    depth--;
    return new Choice(branches);
  }

  private List<Part> terms() {
    List<Part> parts = new ArrayList<>();
    while (!atEnd() && "|)$^".indexOf(peek()) < 0) {
      parts.add(repeated(atom()));
    }
    if (!atEnd() && peek() == '^') {
      throw refused("'^' may stand only at the beginning of an outermost alternative");
    }
    return parts;
  }

  private Part repeated(Part atom) {
    if (atEnd() || "*+?{".indexOf(peek()) < 0) {
      return atom;
    }
    Part repeated =
        switch (peek()) {
          case '*' -> repeat(atom, 0, Repeat.ENDLESS);
          case '+' -> repeat(atom, 1, Repeat.ENDLESS);
          case '?' -> repeat(atom, 0, 1);
          default -> counted(atom);
        };
    boolean _ = taken('?'); // which of several matches is meant makes no difference here
    if (!atEnd() && "*+?{".indexOf(peek()) >= 0) {
      throw refused("nothing stands before the '" + peek() + "' at character " + (at + 1));
    }
    return repeated;
  }

  private Part repeat(Part atom, int min, int max) {
    at++;
    return new Repeat(atom, min, max);
  }

  /// `{m}`, `{m,}` or `{m,n}`.
  private Part counted(Part atom) {
    int end = pattern.indexOf('}', at);
    String inside = end < 0 ? "" : pattern.substring(at + 1, end);
    if (!inside.matches("[0-9]{1,5}(,[0-9]{0,5})?")) {
      throw refused(
          "the '{' at character " + (at + 1) + " must be '{m}', '{m,}', '{m,n}' or '\\{'");
    }
    int comma = inside.indexOf(',');
    int min = Integer.parseInt(comma < 0 ? inside : inside.substring(0, comma));
    String most = comma < 0 ? inside : inside.substring(comma + 1);
    int max = most.isEmpty() ? Repeat.ENDLESS : Integer.parseInt(most);
    if (min > max || min > REPEAT_MAX || (max > REPEAT_MAX && max != Repeat.ENDLESS)) {
      throw refused("'{" + inside + "}' must ascend and not exceed " + REPEAT_MAX);
    }
    at = end + 1;
    return new Repeat(atom, min, max);
  }

  private Part atom() {
    int c = literal();
    return switch (c) {
      case '(' -> group();
      case '[' -> one(characterClass());
      case '.' -> one(DOT);
      case '\\' -> one(escape());
      case '*', '+', '?', '{' ->
          throw refused("nothing stands before the '" + (char) c + "' at character " + at);
      default -> one(CodePoints.of(c));
    };
  }

  private Part one(CodePoints set) {
    if (set.ranges().isEmpty()) {
      throw refused("a class has no characters");
    }
    Part character = JsonText.one(set);
    if (!marked) {
      return character;
    }
    var rule = new Part.Rule();
    rule.is(character);
    return rule;
  }

  private CodePoints characterClass() {
    boolean negated = taken('^');
    CodePoints set = new CodePoints(List.of());
    while (!atEnd() && peek() != ']') {
      CodePoints first = classMember();
      if (!atEnd() && peek() == '-' && at + 1 < pattern.length() && pattern.charAt(at + 1) != ']') {
        at++;
        int from = only(first);
        int to = only(classMember());
        if (from > to) {
          throw refused("a range in a class descends");
        }
        first = CodePoints.of(from, to);
      }
      set = set.or(first);
    }
    if (!taken(']')) {
      throw refused("a ']' is missing");
    }
    return negated ? set.negated() : set;
  }

  private CodePoints classMember() {
    if (!taken('\\')) {
      return CodePoints.of(literal());
    }
    return taken('b') ? CodePoints.of('\b') : escape();
  }

  private int only(CodePoints end) {
    if (end.ranges().size() != 1
        || end.ranges().getFirst().first() != end.ranges().getFirst().last()) {
      throw refused("a range in a class begins or ends with a class");
    }
    return end.ranges().getFirst().first();
  }

  /// What follows a backslash.
  private CodePoints escape() {
    if (atEnd()) {
      throw refused("it ends with a backslash");
    }
    int c = literal();
    return switch (c) {
      case 'd' -> DIGIT;
      case 'D' -> DIGIT.negated();
      case 'w' -> WORD;
      case 'W' -> WORD.negated();
      case 's' -> BLANK;
      case 'S' -> BLANK.negated();
      case 't' -> CodePoints.of('\t');
      case 'n' -> CodePoints.of('\n');
      case 'r' -> CodePoints.of('\r');
      case 'f' -> CodePoints.of('\f');
      case 'v' -> CodePoints.of(0x0B);
      case '0' -> CodePoints.of(0);
      case 'x' -> numbered(2);
      case 'u' -> taken('{') ? braced() : numbered(4);
      default -> {
        if (Character.isLetterOrDigit(c)) {
          throw refused("'\\" + Character.toString(c) + "' is not supported");
        }
        yield CodePoints.of(c);
      }
    };
  }

  private CodePoints numbered(int digits) {
    int end = Math.min(at + digits, pattern.length());
    CodePoints read = hex(pattern.substring(at, end));
    at = end;
    return read;
  }

  private CodePoints braced() {
    int end = pattern.indexOf('}', at);
    CodePoints read = hex(end < 0 ? "" : pattern.substring(at, end));
    at = end + 1;
    return read;
  }

  private CodePoints hex(String digits) {
    if (!digits.matches("[0-9a-fA-F]{1,6}")
        || !Character.isValidCodePoint(Integer.parseInt(digits, 16))) {
      throw refused("'" + digits + "' is not the number of a character");
    }
    return CodePoints.of(Integer.parseInt(digits, 16));
  }

  private int literal() {
    int c = pattern.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  private boolean taken(char c) {
    boolean there = !atEnd() && peek() == c;
    at += there ? 1 : 0;
    return there;
  }

  private char peek() {
    return pattern.charAt(at);
  }

  private boolean atEnd() {
    return at >= pattern.length();
  }

  private SchemaException refused(String why) {
    return new SchemaException(why + ": " + pattern);
  }
}
