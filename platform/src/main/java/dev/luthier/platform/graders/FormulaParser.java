package dev.luthier.platform.graders;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads formulas by recursive descent; see [Formula].
final class FormulaParser {
  private static final int LENGTH_MAX = 4096;

  /// Brackets within brackets.
  private static final int DEPTH_MAX = 64;

  private static final Pattern NUMBER =
      Pattern.compile("(?:\\d+(?:\\.\\d*)?|\\.\\d+)(?:[eE][+-]?\\d{1,3})?");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");

  private final String source;
  private final Set<String> names;
  private int at;
  private int depth;

  FormulaParser(String source, Set<String> names) {
    this.source = source;
    this.names = names;
  }

  Formula.Term parse() {
    if (source.length() > LENGTH_MAX) {
      throw new IllegalArgumentException(
          "it has %d characters, and a formula may have %d".formatted(source.length(), LENGTH_MAX));
    }
    Formula.Term whole = sum();
    skipBlanks();
    if (at < source.length()) {
      throw wrong("'%c' is one too many".formatted(source.charAt(at)));
    }
    return whole;
  }

  private Formula.Term sum() {
    Formula.Term left = product();
    while (true) {
      if (take("+")) {
        left = new Formula.Term.Binary('+', left, product());
      } else if (take("-")) {
        left = new Formula.Term.Binary('-', left, product());
      } else {
        return left;
      }
    }
  }

  private Formula.Term product() {
    Formula.Term left = signed();
    while (true) {
      if (take("*")) {
        left = new Formula.Term.Binary('*', left, signed());
      } else if (take("/")) {
        left = new Formula.Term.Binary('/', left, signed());
      } else {
        return left;
      }
    }
  }

  private Formula.Term signed() {
    if (take("-")) {
      return deeper(() -> new Formula.Term.Negative(signed()));
    }
    if (take("+")) {
      return deeper(this::signed);
    }
    Formula.Term base = operand();
    return take("**") || take("^")
        ? deeper(() -> new Formula.Term.Binary('^', base, signed()))
        : base;
  }

  private Formula.Term operand() {
    if (take("(")) {
      Formula.Term inner = deeper(this::sum);
      expect(")");
      return inner;
    }
    Matcher matcher = NUMBER.matcher(source).region(at, source.length());
    if (matcher.lookingAt()) {
      at = matcher.end();
      return new Formula.Term.Constant(Double.parseDouble(matcher.group()));
    }
    matcher.usePattern(NAME);
    if (!matcher.lookingAt()) {
      throw wrong(
          at < source.length()
              ? "a number, a name or '(' is wanted, not '%c'".formatted(source.charAt(at))
              : "a number, a name or '(' is wanted, but the formula ends");
    }
    int start = at;
    at = matcher.end();
    return take("(") ? call(matcher.group(), start) : name(matcher.group(), start);
  }

  private Formula.Term name(String name, int start) {
    if (!names.contains(name)) {
      at = start;
      throw wrong("'%s' is no grader here; there are %s".formatted(name, named(names)));
    }
    return new Formula.Term.Name(name);
  }

  private Formula.Term call(String name, int start) {
    Optional<Formula.Function> known =
        Arrays.stream(Formula.Function.values())
            .filter(function -> function.name().equals(name.toUpperCase(Locale.ROOT)))
            .findFirst();
    List<Formula.Term> arguments = new ArrayList<>();
    do {
      arguments.add(deeper(this::sum));
    } while (take(","));
    expect(")");
    Formula.Function function =
        known.orElseThrow(() -> {
          at = start;
          return wrong(
              "'%s' is no function; there are min, max, abs, floor, ceil, exp, sqrt and log"
                  .formatted(name));
        });
    if (arguments.size() < function.argumentsMin || arguments.size() > function.argumentsMax) {
      at = start;
      throw wrong(
          "%s takes %s, not %d"
              .formatted(
                  name,
                  function.argumentsMax == 1 ? "one argument" : "two arguments or more",
                  arguments.size()));
    }
    return new Formula.Term.Call(function, arguments);
  }

  private Formula.Term deeper(Supplier<Formula.Term> reader) {
    if (++depth > DEPTH_MAX) {
      throw wrong("brackets and signs go deeper than " + DEPTH_MAX);
    }
    Formula.Term term = reader.get();
    depth--;
    return term;
  }

  private void expect(String mark) {
    if (!take(mark)) {
      throw wrong(
          at < source.length()
              ? "'%s' is wanted, not '%c'".formatted(mark, source.charAt(at))
              : "'%s' is wanted, but the formula ends".formatted(mark));
    }
  }

  private boolean take(String mark) {
    skipBlanks();
    boolean product = mark.equals("*") && source.startsWith("**", at);
    if (!source.startsWith(mark, at) || product) {
      return false;
    }
    at += mark.length();
    skipBlanks();
    return true;
  }

  private void skipBlanks() {
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("at character %d: %s".formatted(at + 1, what));
  }

  private static String named(Set<String> names) {
    return String.join(", ", names.stream().map(name -> "'" + name + "'").toList());
  }
}
