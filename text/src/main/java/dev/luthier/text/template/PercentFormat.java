package dev.luthier.text.template;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `'...%s...' % values`.
final class PercentFormat {
  private static final Pattern CONVERSION =
      Pattern.compile(
          "%(?:\\(([^)]*)\\))?([-+ #0]*)(\\*|\\d+)?(?:\\.(\\d+))?[hlL]?(.?)", Pattern.DOTALL);

  private final Text format;
  private final Fuel fuel;
  private List<Value> values = List.of();
  private Optional<DictValue> names = Optional.empty();
  private int used;

  PercentFormat(Text format, Fuel fuel) {
    this.format = format;
    this.fuel = fuel;
  }

  Text apply(Value arguments) {
    values = arguments instanceof Value.TupleValue tuple ? tuple.items() : List.of(arguments);
    names = arguments instanceof DictValue dict ? Optional.of(dict) : Optional.empty();
    TextBuilder out = new TextBuilder(fuel);
    Matcher matcher = CONVERSION.matcher(format.chars());
    int done = 0;
    while (matcher.find()) {
      out.append(format, done, matcher.start());
      done = matcher.end();
      if (matcher.group(5).equals("%")) {
        out.append("%", Text.TEMPLATE);
      } else {
        Text converted = converted(matcher);
        out.append(padded(converted, matcher));
      }
    }
    if (!isSubscriptable(arguments) && used < values.size()) {
      throw new Refusal("not all arguments converted during string formatting");
    }
    return out.append(format, done, format.length()).build().markedLike(format);
  }

  /// Python lets surplus values pass when they might be a mapping.
  private static boolean isSubscriptable(Value value) {
    return switch (value) {
      case DictValue _, Value.ListValue _, Value.RangeValue _, Value.Undefined _ -> true;
      default -> false;
    };
  }

  private Value next(Matcher conversion) {
    String name = conversion.group(1);
    if (name != null) {
      DictValue dict =
          names.orElseThrow(() -> new Refusal("a named conversion needs a dict of values"));
      return dict.get(name).orElseThrow(() -> new Refusal("no value for '" + name + "'"));
    }
    if (used >= values.size()) {
      throw new Refusal("not enough arguments for format string");
    }
    return values.get(used++);
  }

  private Text converted(Matcher conversion) {
    String type = conversion.group(5);
    if (type.isEmpty()) {
      throw new Refusal("incomplete format");
    }
    if ("*".equals(conversion.group(3))) {
      throw new Refusal("a width of '*' is not supported; write the number");
    }
    Value value = next(conversion);
    PythonText.payDigits(value, fuel);
    int precision = conversion.group(4) == null ? -1 : parse(conversion.group(4));
    return switch (type.charAt(0)) {
      case 's' -> cut(marked(PythonText.str(value, fuel)), precision);
      case 'r' -> cut(marked(PythonText.repr(value, fuel)), precision);
      case 'd', 'i', 'u' -> signed(conversion, whole(value), value);
      case 'x', 'X', 'o' -> {
        Value.Int number = Operators.integer(value).orElseThrow(() -> notNumber(type, value));
        String digits = NumberFormat.integer(number.value(), type.charAt(0));
        yield signed(conversion, digits, value);
      }
      case 'f', 'F' ->
          signed(conversion, NumberFormat.fixed(real(type, value), precision(precision)), value);
      case 'e' ->
          signed(
              conversion, NumberFormat.scientific(real(type, value), precision(precision)), value);
      case 'g' ->
          signed(conversion, NumberFormat.general(real(type, value), precision(precision)), value);
      case 'c' -> character(value);
      default -> throw new Refusal("unsupported format character '" + type + "'");
    };
  }

  private Text marked(Text value) {
    return Markup.beside(format, value, fuel);
  }

  private static int parse(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static int precision(int given) {
    return given < 0 ? 6 : given;
  }

  private Text cut(Text text, int precision) {
    boolean longer = precision >= 0 && precision < CodePoints.length(text.chars());
    return longer ? text.substring(0, CodePoints.offset(text.chars(), precision)) : text;
  }

  private static double real(String type, Value value) {
    return Operators.real(value).orElseThrow(() -> notNumber(type, value)).value();
  }

  private static String whole(Value value) {
    if (value instanceof Value.Real real) {
      if (!Double.isFinite(real.value())) {
        throw new Refusal("cannot convert float " + PythonText.real(real.value()) + " to integer");
      }
      return new BigDecimal(real.value()).toBigInteger().toString();
    }
    return PythonText.integer(Operators.integer(value).orElseThrow(() -> notNumber("d", value)));
  }

  private static Refusal notNumber(String type, Value value) {
    return new Refusal("%%%s needs a number, got %s".formatted(type, PythonText.typeName(value)));
  }

  private static int origin(Value value) {
    return switch (value) {
      case Value.Int number -> number.origin();
      case Value.Real real -> real.origin();
      case Text text -> text.origin();
      default -> Text.TEMPLATE;
    };
  }

  private static Text signed(Matcher conversion, String digits, Value value) {
    String flags = conversion.group(2);
    String sign =
        digits.startsWith("-") ? "" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : "";
    return Text.of(sign + digits, origin(value));
  }

  private static Text character(Value value) {
    if (value instanceof Text text && CodePoints.length(text.chars()) == 1) {
      return text;
    }
    Optional<Value.Int> code = Operators.integer(value);
    if (code.isPresent() && code.get().value().bitLength() <= 21) {
      int c = code.get().value().intValue();
      if (Character.isValidCodePoint(c)) {
        return Text.of(Character.toString(c), code.get().origin());
      }
    }
    throw new Refusal("the conversion c needs one character or its code");
  }

  private Text padded(Text converted, Matcher conversion) {
    String width = conversion.group(3);
    int missing = width == null ? 0 : parse(width) - CodePoints.length(converted.chars());
    if (missing <= 0) {
      return converted;
    }
    String flags = conversion.group(2);
    boolean numeric = "diuxXofFeg".contains(conversion.group(5));
    if (flags.contains("-")) {
      return TextOperations.padded(converted, 0, missing, Text.of(" "), fuel);
    }
    if (flags.contains("0") && numeric) {
      int sign = converted.chars().matches("[-+ ].*") ? 1 : 0;
      return new TextBuilder(fuel)
          .append(converted, 0, sign)
          .append(new Operators(fuel).repeat(Text.of("0"), missing))
          .append(converted, sign, converted.length())
          .build();
    }
    return TextOperations.padded(converted, missing, 0, Text.of(" "), fuel);
  }
}
