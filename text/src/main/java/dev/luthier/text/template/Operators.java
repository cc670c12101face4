package dev.luthier.text.template;

import dev.luthier.text.template.Expression.Operator;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Python's operators on template values.
final class Operators {
  /// Python refuses to print integers of more than 4,300 decimal digits; so do we to make them.
  static final int INTEGER_BITS_MAX = 14_284;

  private final Fuel fuel;

  Operators(Fuel fuel) {
    this.fuel = fuel;
  }

  static boolean truth(Value value) {
    return switch (value) {
      case Text text -> text.length() > 0;
      case Value.Undefined _, Value.None _ -> false;
      case Value.Bool bool -> bool.value();
      case Value.Int number -> number.value().signum() != 0;
      case Value.Real real -> real.value() != 0;
      case Value.ListValue list -> !list.items().isEmpty();
      case Value.TupleValue tuple -> !tuple.items().isEmpty();
      case DictValue dict -> dict.size() > 0;
      case Value.RangeValue range -> range.size() > 0;
      case Value.ViewValue view -> view.dict().size() > 0;
      case LoopValue loop -> loop.length() > 0;
      case NamespaceValue _, GeneratorValue _, Value.Callable _ -> true;
    };
  }

  /// A value as an integer where Python wants an index: integers and booleans only.
  static int index(Value value, String where) {
    Optional<Value.Int> number = integer(value);
    if (number.isEmpty()) {
      throw new Refusal("%s needs an integer, got %s".formatted(where, PythonText.typeName(value)));
    }
    BigInteger exact = number.get().value();
    return exact.bitLength() < 32
        ? exact.intValue()
        : exact.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
  }

  static Optional<Value.Int> integer(Value value) {
    return switch (value) {
      case Value.Int number -> Optional.of(number);
      case Value.Bool bool -> Optional.of(Value.of(bool.value() ? 1 : 0));
      default -> Optional.empty();
    };
  }

  /// A number as a float, which fails where it does not fit.
  static Optional<Value.Real> real(Value value) {
    if (value instanceof Value.Real real) {
      return Optional.of(real);
    }
    return integer(value).map(number -> new Value.Real(finite(number.value()), number.origin()));
  }

  private static double finite(BigInteger value) {
    double converted = value.doubleValue();
    if (Double.isInfinite(converted)) {
      throw new Refusal("integer too large to convert to float");
    }
    return converted;
  }

  Value binary(Operator operator, Value left, Value right) {
    Optional<Value.Int> a = integer(left);
    Optional<Value.Int> b = integer(right);
    if (a.isPresent() && b.isPresent()) {
      return integers(operator, a.get(), b.get());
    }
    if (isNumber(left) && isNumber(right)) {
      return reals(operator, real(left).orElseThrow(), real(right).orElseThrow());
    }
    return switch (operator) {
      case ADD -> add(left, right);
      case MULTIPLY -> {
        if (a.isPresent()) {
          yield repeat(right, left);
        }
        yield repeat(left, right);
      }
      case MODULO -> {
        if (left instanceof Text format) {
          yield new PercentFormat(format, fuel).apply(right);
        }
        throw unsupported("%", left, right);
      }
      case SUBTRACT -> throw unsupported("-", left, right);
      case DIVIDE -> throw unsupported("/", left, right);
      case FLOOR_DIVIDE -> throw unsupported("//", left, right);
      case POWER -> throw unsupported("**", left, right);
    };
  }

  static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Bool || value instanceof Value.Real;
  }

  static Refusal unsupported(String operator, Value left, Value right) {
    for (Value value : List.of(left, right)) {
      if (value instanceof Value.Undefined undefined) {
        return new Refusal(undefined.reason());
      }
    }
    return new Refusal(
        "operator %s does not take %s and %s"
            .formatted(operator, PythonText.typeName(left), PythonText.typeName(right)));
  }

  private Value add(Value left, Value right) {
    if (left instanceof Text a && right instanceof Text b) {
      return add(a, b);
    }
    if (left instanceof Value.ListValue(List<Value> a)
        && right instanceof Value.ListValue(List<Value> b)) {
      return new Value.ListValue(joined(a, b));
    }
    if (left instanceof Value.TupleValue a && right instanceof Value.TupleValue b) {
      return new Value.TupleValue(joined(a.items(), b.items()));
    }
    throw unsupported("+", left, right);
  }

  Text add(Text left, Text right) {
    Text start = Markup.beside(right, left, fuel);
    return new TextBuilder(fuel)
        .append(start)
        .append(Markup.beside(left, right, fuel))
        .build()
        .markedLike(start);
  }

  private List<Value> joined(List<Value> a, List<Value> b) {
    fuel.steps(a.size() + b.size());
    List<Value> joined = new ArrayList<>(a.size() + b.size());
    joined.addAll(a);
    joined.addAll(b);
    return joined;
  }

  private Value repeat(Value repeated, Value times) {
    Optional<Value.Int> count = integer(times);
    if (count.isEmpty()) {
      throw unsupported("*", repeated, times);
    }
    int n = Math.max(0, index(count.get(), "repetition"));
    return switch (repeated) {
      case Text text -> repeat(text, n);
      case Value.ListValue list -> new Value.ListValue(repeat(list.items(), n));
      case Value.TupleValue tuple -> new Value.TupleValue(repeat(tuple.items(), n));
      default -> throw unsupported("*", repeated, times);
    };
  }

  Text repeat(Text text, int times) {
    fuel.characters((long) text.length() * times);
    TextBuilder builder = new TextBuilder(fuel);
    for (int i = 0; i < times && text.length() > 0; i++) {
      builder.append(text);
    }
    return builder.build().markedLike(text);
  }

  private List<Value> repeat(List<Value> items, int times) {
    fuel.steps((long) items.size() * times);
    List<Value> repeated = new ArrayList<>();
    for (int i = 0; i < times && !items.isEmpty(); i++) {
      repeated.addAll(items);
    }
    return repeated;
  }

  private Value integers(Operator operator, Value.Int left, Value.Int right) {
    BigInteger a = left.value();
    BigInteger b = right.value();
    fuel.steps((a.bitLength() + b.bitLength()) / 64);
    int origin = Text.mix(left.origin(), right.origin());
    if (operator == Operator.DIVIDE) {
      return new Value.Real(quotient(a, nonZero(b)), origin);
    }
    if (operator == Operator.POWER && b.signum() < 0) {
      return reals(operator, real(left).orElseThrow(), real(right).orElseThrow());
    }
    BigInteger result =
        switch (operator) {
          case ADD -> a.add(b);
          case SUBTRACT -> a.subtract(b);
          case MULTIPLY -> a.multiply(b);
          case MODULO -> a.subtract(b.multiply(floorDivide(a, nonZero(b))));
          case DIVIDE, FLOOR_DIVIDE -> floorDivide(a, nonZero(b));
          case POWER -> power(a, b);
        };
    if (result.bitLength() > INTEGER_BITS_MAX) {
      throw new Refusal("a number of more than 4,300 digits");
    }
    return new Value.Int(result, origin);
  }

  private static double quotient(BigInteger a, BigInteger b) {
    if (a.bitLength() <= 53 && b.bitLength() <= 53) {
      return a.doubleValue() / b.doubleValue();
    }
    double exact =
        new BigDecimal(a).divide(new BigDecimal(b), new java.math.MathContext(400)).doubleValue();
    if (Double.isInfinite(exact)) {
      throw new Refusal("integer division result too large for a float");
    }
    return exact;
  }

  private static BigInteger nonZero(BigInteger divisor) {
    if (divisor.signum() == 0) {
      throw new Refusal("division by zero");
    }
    return divisor;
  }

  private static BigInteger floorDivide(BigInteger a, BigInteger b) {
    BigInteger[] parts = a.divideAndRemainder(b);
    boolean below = parts[1].signum() != 0 && parts[1].signum() != b.signum();
    return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
  }

  private static BigInteger power(BigInteger base, BigInteger exponent) {
    long bits =
        exponent.bitLength() > 20 ? Long.MAX_VALUE : exponent.longValue() * base.bitLength();
    boolean small = base.bitLength() <= 1 && base.abs().bitLength() <= 1;
    if (small) {
      boolean minus = base.signum() < 0 && exponent.testBit(0);
      return exponent.signum() == 0 ? BigInteger.ONE : minus ? base : base.abs();
    }
    if (bits > 2L * INTEGER_BITS_MAX) {
      throw new Refusal("a number of more than 4,300 digits");
    }
    return base.pow(exponent.intValue());
  }

  private static Value reals(Operator operator, Value.Real left, Value.Real right) {
    double a = left.value();
    double b = right.value();
    boolean divides =
        operator == Operator.DIVIDE
            || operator == Operator.FLOOR_DIVIDE
            || operator == Operator.MODULO;
    if ((b == 0 && divides) || (operator == Operator.POWER && a == 0 && b < 0)) {
      throw new Refusal("division by zero");
    }
    double result =
        switch (operator) {
          case ADD -> a + b;
          case SUBTRACT -> a - b;
          case MULTIPLY -> a * b;
          case DIVIDE -> a / b;
          case FLOOR_DIVIDE -> floorDivide(a, b);
          case MODULO -> modulo(a, b);
          case POWER -> power(a, b);
        };
    return new Value.Real(result, Text.mix(left.origin(), right.origin()));
  }

  private static double power(double a, double b) {
    if (a < 0 && Double.isFinite(b) && b != Math.rint(b)) {
      throw new Refusal("a negative number to a fractional power is complex");
    }
    double result = Math.pow(a, b);
    if (Double.isInfinite(result) && Double.isFinite(a) && Double.isFinite(b)) {
      throw new Refusal("the result of ** is too large for a float");
    }
    return a == 1 ? 1 : result;
  }

  private static double modulo(double a, double b) {
    double remainder = a % b;
    if (remainder == 0) {
      return Math.copySign(0.0, b);
    }
    return (remainder < 0) == (b < 0) ? remainder : remainder + b;
  }

  /// Follows CPython's float_floor_div: exact multiples first, then rounded to the nearest whole.
  private static double floorDivide(double a, double b) {
    double remainder = a % b;
    double quotient = (a - remainder) / b;
    if (remainder != 0 && (remainder < 0) != (b < 0)) {
      quotient -= 1;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, a / b);
    }
    double floor = Math.floor(quotient);
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  Value negative(Value value) {
    if (value instanceof Value.Real real) {
      return new Value.Real(-real.value(), real.origin());
    }
    Value.Int number = integer(value).orElseThrow(() -> unsupportedSign(value));
    return new Value.Int(number.value().negate(), number.origin());
  }

  Value positive(Value value) {
    if (value instanceof Value.Real) {
      return value;
    }
    return integer(value).orElseThrow(() -> unsupportedSign(value));
  }

  private static Refusal unsupportedSign(Value value) {
    return value instanceof Value.Undefined undefined
        ? new Refusal(undefined.reason())
        : new Refusal("a sign before a value of type '" + PythonText.typeName(value) + "'");
  }
}
