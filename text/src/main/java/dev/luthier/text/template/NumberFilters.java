package dev.luthier.text.template;

import dev.luthier.text.template.Expression.Operator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// Filters of numbers.
final class NumberFilters {
  private static final Pattern REAL =
      Pattern.compile(
          "[+-]?(?:\\d+(?:_\\d+)*\\.?(?:\\d+(?:_\\d+)*)?|\\.\\d+(?:_\\d+)*)(?:[eE][+-]?\\d+(?:_\\d+)*)?");
  private static final Pattern NOT_FINITE =
      Pattern.compile("[+-]?(?:inf|infinity|nan)", Pattern.CASE_INSENSITIVE);
  private static final int DIGITS_MAX = 4_300;
  private static final int SQUARED_DIGITS_PER_STEP = 1 << 12;

  private NumberFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("int", NumberFilters::integer);
    filters.put("float", NumberFilters::real);
    filters.put("abs", (value, args, e) -> absolute(value, args, e));
    filters.put("round", NumberFilters::round);
    filters.put("sum", NumberFilters::sum);
    filters.put("min", (value, args, e) -> extreme(value, args, e, -1));
    filters.put("max", (value, args, e) -> extreme(value, args, e, 1));
  }

  private static Value integer(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("int", "default", "base");
    Value otherwise = bound.get("default", Value.of(0));
    return switch (value) {
      case Text text -> {
        Optional<Value> parsed =
            parse(text, bound.integer("base", 10), evaluator.fuel()).map(n -> n);
        yield parsed.orElseGet(() -> truncatedText(text, otherwise, evaluator.fuel()));
      }
      case Value.Real real -> truncated(real, otherwise);
      case Value.Int _, Value.Bool _ -> Operators.integer(value).orElseThrow();
      case Value.Undefined undefined -> throw new Refusal(undefined.reason());
      default -> otherwise;
    };
  }

  private static Value truncatedText(Text text, Value otherwise, Fuel fuel) {
    return parseReal(text, fuel)
        .filter(real -> Double.isFinite(real.value()))
        .map(real -> truncated(real, otherwise))
        .orElse(otherwise);
  }

  private static Value truncated(Value.Real real, Value otherwise) {
    if (Double.isNaN(real.value())) {
      return otherwise;
    }
    if (Double.isInfinite(real.value())) {
      throw new Refusal("cannot convert float infinity to integer");
    }
    return new Value.Int(new BigDecimal(real.value()).toBigInteger(), real.origin());
  }

  private static Optional<Value.Int> parse(Text text, int base, Fuel fuel) {
    fuel.characters(text.length());
    String digits = CodePoints.strip(text, Optional.empty(), true, true, fuel).chars();
    if (digits.length() > 2 * DIGITS_MAX) {
      return Optional.empty();
    }
    fuel.steps((long) digits.length() * digits.length() / SQUARED_DIGITS_PER_STEP);
    boolean minus = digits.startsWith("-");
    if (minus || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    String prefix = digits.length() > 1 ? digits.substring(0, 2).toLowerCase(Locale.ROOT) : "";
    int prefixed =
        switch (prefix) {
          case "0x" -> 16;
          case "0o" -> 8;
          case "0b" -> 2;
          default -> 0;
        };
    int radix = base == 0 ? (prefixed == 0 ? 10 : prefixed) : base;
    if (prefixed != 0 && prefixed == radix) {
      digits = digits.substring(2);
      digits = digits.startsWith("_") ? digits.substring(1) : digits;
    } else if (base == 0 && digits.matches("0[0_]*[1-9].*")) {
      return Optional.empty();
    }
    if (radix < 2
        || radix > 36
        || !digits.matches("[^_+\\-]+(_[^_+\\-]+)*")
        || digits.length() > DIGITS_MAX) {
      return Optional.empty();
    }
    try {
      BigInteger value = new BigInteger(digits.replace("_", ""), radix);
      return Optional.of(new Value.Int(minus ? value.negate() : value, text.origin()));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static String westernDigits(String s) {
    StringBuilder western = new StringBuilder();
    s.codePoints()
        .forEach(c -> {
          if (Character.isDigit(c)) {
            western.append(Character.digit(c, 10));
          } else {
            western.appendCodePoint(c);
          }
        });
    return western.toString();
  }

  private static Optional<Value.Real> parseReal(Text text, Fuel fuel) {
    fuel.characters(text.length());
    String s = westernDigits(CodePoints.strip(text, Optional.empty(), true, true, fuel).chars());
    if (NOT_FINITE.matcher(s).matches()) {
      double size =
          s.toLowerCase(Locale.ROOT).contains("inf") ? Double.POSITIVE_INFINITY : Double.NaN;
      return Optional.of(new Value.Real(s.startsWith("-") ? -size : size, text.origin()));
    }
    return REAL.matcher(s).matches()
        ? Optional.of(new Value.Real(Double.parseDouble(s.replace("_", "")), text.origin()))
        : Optional.empty();
  }

  private static Value real(Value value, Arguments arguments, Evaluator evaluator) {
    Value otherwise =
        arguments.bind("float", "default").get("default", new Value.Real(0, Text.TEMPLATE));
    return switch (value) {
      case Text text ->
          parseReal(text, evaluator.fuel()).map(real -> (Value) real).orElse(otherwise);
      case Value.Undefined undefined -> throw new Refusal(undefined.reason());
      default -> Operators.real(value).map(real -> (Value) real).orElse(otherwise);
    };
  }

  private static Value absolute(Value value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("abs");
    boolean negative =
        value instanceof Value.Real real
            ? Double.compare(real.value(), 0.0) < 0
            : Operators.integer(value).map(n -> n.value().signum() < 0).orElse(true);
    return negative ? evaluator.operators().negative(value) : evaluator.operators().positive(value);
  }

  private static Value round(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("round", "precision", "method");
    int precision = bound.integer("precision", 0);
    String method = bound.find("method").isPresent() ? bound.text("method").chars() : "common";
    NumberFormat.checked(Math.abs(precision));
    return switch (method) {
      case "common" -> halfEven(value, precision);
      case "ceil", "floor" -> {
        Operators operators = evaluator.operators();
        Value scale = operators.binary(Operator.POWER, Value.of(10), Value.of(precision));
        Value scaled = operators.binary(Operator.MULTIPLY, value, scale);
        yield operators.binary(Operator.DIVIDE, whole(scaled, method), scale);
      }
      default -> throw new Refusal("round() knows the methods common, ceil and floor");
    };
  }

  private static Value whole(Value value, String method) {
    if (value instanceof Value.Real real && Double.isFinite(real.value())) {
      RoundingMode mode = method.equals("ceil") ? RoundingMode.CEILING : RoundingMode.FLOOR;
      return new Value.Int(
          new BigDecimal(real.value()).setScale(0, mode).toBigInteger(), real.origin());
    }
    return Operators.integer(value).orElseThrow(() -> new Refusal("round() needs a finite number"));
  }

  private static Value halfEven(Value value, int precision) {
    if (value instanceof Value.Real real) {
      if (!Double.isFinite(real.value())) {
        return real;
      }
      double rounded =
          new BigDecimal(real.value()).setScale(precision, RoundingMode.HALF_EVEN).doubleValue();
      return new Value.Real(Math.copySign(rounded, real.value()), real.origin());
    }
    Value.Int number =
        Operators.integer(value)
            .orElseThrow(() ->
                value instanceof Value.Undefined undefined
                    ? new Refusal(undefined.reason())
                    : new Refusal("round() needs a number, got " + PythonText.typeName(value)));
    BigDecimal exact = new BigDecimal(number.value());
    return new Value.Int(
        exact.setScale(Math.min(0, precision), RoundingMode.HALF_EVEN).toBigInteger(),
        number.origin());
  }

  private static Value sum(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("sum", "attribute", "start");
    Value total = bound.get("start", Value.of(0));
    if (total instanceof Text) {
      throw new Refusal("sum() does not join strings; use | join");
    }
    Function<Value, Value> part =
        bound
            .some("attribute")
            .map(attribute -> SelectFilters.path(attribute, Optional.empty(), evaluator))
            .orElse(Function.identity());
    Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
    while (each.hasNext()) {
      total = evaluator.operators().binary(Operator.ADD, total, part.apply(each.next()));
    }
    return total;
  }

  private static Value extreme(
      Value value, Arguments arguments, Evaluator evaluator, int direction) {
    Arguments.Bound bound = arguments.bind("min and max", "case_sensitive", "attribute");
    boolean exact = bound.truth("case_sensitive");
    Function<Value, Value> part =
        bound
            .some("attribute")
            .map(attribute -> SelectFilters.path(attribute, Optional.empty(), evaluator))
            .orElse(Function.identity());
    Function<Value, Value> key = item -> SelectFilters.folded(part.apply(item), exact);
    Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
    if (!each.hasNext()) {
      return new Value.Undefined("no smallest or largest item, the sequence is empty");
    }
    Value best = each.next();
    while (each.hasNext()) {
      Value next = each.next();
      if (evaluator.comparisons().compare(key.apply(next), key.apply(best)) * direction > 0) {
        best = next;
      }
    }
    return best;
  }
}
