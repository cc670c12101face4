package dev.luthier.text.template;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.List;

/// Python's `str()` and `repr()`.
final class PythonText {
  private static final int SQUARED_BITS_PER_STEP = 1 << 14;

  private final Fuel fuel;
  private final TextBuilder out;

  private PythonText(Fuel fuel) {
    this.fuel = fuel;
    this.out = new TextBuilder(fuel);
  }

  static Text str(Value value, Fuel fuel) {
    return switch (value) {
      case Text text -> text;
      case Value.Undefined _ -> Text.EMPTY;
      default -> repr(value, fuel);
    };
  }

  static Text repr(Value value, Fuel fuel) {
    PythonText writer = new PythonText(fuel);
    writer.write(value);
    return writer.out.buildTainted();
  }

  static String typeName(Value value) {
    return switch (value) {
      case Text _ -> "str";
      case Value.Undefined _ -> "Undefined";
      case Value.None _ -> "NoneType";
      case Value.Bool _ -> "bool";
      case Value.Int _ -> "int";
      case Value.Real _ -> "float";
      case Value.ListValue _ -> "list";
      case Value.TupleValue _ -> "tuple";
      case DictValue _ -> "dict";
      case Value.RangeValue _ -> "range";
      case Value.ViewValue view -> view.kind().python;
      case NamespaceValue _ -> "namespace";
      case GeneratorValue _ -> "generator";
      case LoopValue _ -> "LoopContext";
      case Value.Callable _ -> "function";
    };
  }

  private void write(Value value) {
    fuel.step();
    fuel.enter();
    switch (value) {
      case Text text -> quoted(text);
      case Value.Undefined _ -> plain("Undefined");
      case Value.None _ -> plain("None");
      case Value.Bool bool -> plain(bool.value() ? "True" : "False");
      case Value.Int number -> {
        payDigits(number, fuel);
        out.append(integer(number), number.origin());
      }
      case Value.Real real -> out.append(real(real.value()), real.origin());
      case Value.ListValue list -> list(list.items(), "[", "]");
      case Value.TupleValue tuple ->
          list(tuple.items(), "(", tuple.items().size() == 1 ? ",)" : ")");
      case DictValue dict -> dict(dict);
      case Value.RangeValue range -> plain(range(range));
      case Value.ViewValue view -> list(view.items(), view.kind().python + "([", "])");
      case NamespaceValue namespace -> {
        plain("<Namespace ");
        dict(namespace.attributes());
        plain(">");
      }
      case LoopValue loop -> plain(loop.printed());
      case Value.Callable callable ->
          plain(callable.printed().orElseThrow(() -> unprintable(callable.name())));
      case GeneratorValue _ -> throw unprintable("a generator; make it a list first: | list");
    }
    fuel.leave();
  }

  private static Refusal unprintable(String what) {
    return new Refusal("cannot print " + what);
  }

  private void plain(String text) {
    out.append(text, Text.TEMPLATE);
  }

  private void list(List<Value> items, String open, String close) {
    plain(open);
    for (Iterator<Value> each = items.iterator(); each.hasNext(); ) {
      write(each.next());
      if (each.hasNext()) {
        plain(", ");
      }
    }
    plain(close);
  }

  private void dict(DictValue dict) {
    plain("{");
    String separator = "";
    for (Value pair : dict.pairs()) {
      plain(separator);
      separator = ", ";
      List<Value> entry = ((Value.TupleValue) pair).items();
      write(entry.getFirst());
      plain(": ");
      write(entry.getLast());
    }
    plain("}");
  }

  /// Digits of a long number cost the square of their count.
  static void payDigits(Value value, Fuel fuel) {
    if (value instanceof Value.Int number) {
      long bits = number.value().bitLength();
      fuel.steps(bits * bits / SQUARED_BITS_PER_STEP);
    }
  }

  static String integer(Value.Int number) {
    if (number.value().bitLength() > Operators.INTEGER_BITS_MAX) {
      throw new Refusal("a number of more than 4,300 digits cannot be printed");
    }
    return number.value().toString();
  }

  private static String range(Value.RangeValue range) {
    long end = range.start() + range.step() * range.size();
    String step = range.step() == 1 ? "" : ", " + range.step();
    return "range(" + range.start() + ", " + end + step + ")";
  }

  /// The shortest digits that read back as the same number, as Python and Java both choose them, in
  /// Python's form: an exponent from 1e16 on and below 1e-4.
  static String real(double value) {
    if (Double.isNaN(value)) {
      return "nan";
    }
    String sign = Double.compare(value, 0.0) < 0 ? "-" : "";
    if (Double.isInfinite(value)) {
      return sign + "inf";
    }
    if (value == 0) {
      return sign + "0.0";
    }
    BigDecimal decimal = shortest(Math.abs(value));
    String digits = decimal.unscaledValue().toString();
    int exponent = digits.length() - decimal.scale() - 1;
    if (exponent < -4 || exponent >= 16) {
      String mantissa =
          digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
      String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : "" + Math.abs(exponent);
      return sign + mantissa + "e" + (exponent < 0 ? "-" : "+") + size;
    }
    String plain = decimal.toPlainString();
    return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  /// Java writes at least two digits, and so 4.9E-324 for what Python calls 5e-324.
  private static BigDecimal shortest(double value) {
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    if (decimal.precision() == 2) {
      BigDecimal shorter = decimal.round(new MathContext(1, RoundingMode.HALF_EVEN));
      return shorter.doubleValue() == value ? shorter.stripTrailingZeros() : decimal;
    }
    return decimal;
  }

  private void quoted(Text text) {
    String s = text.chars();
    char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
    String mark = String.valueOf(quote);
    plain(text.isMarkup() ? "Markup(" + mark : mark);
    int done = 0;
    for (int i = 0; i < s.length(); ) {
      int c = s.codePointAt(i);
      int width = Character.charCount(c);
      String escape = escape(c, quote);
      if (!escape.isEmpty()) {
        out.append(text, done, i).append(escape, text.runOrigin(text.runAt(i)));
        done = i + width;
      }
      i += width;
    }
    out.append(text, done, s.length());
    plain(text.isMarkup() ? mark + ")" : mark);
  }

  private static String escape(int c, char quote) {
    if (c >= ' ' && c < 0x7f && c != '\\' && c != quote) {
      return "";
    }
    return switch (c) {
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\'', '"' -> "\\" + (char) c;
      default -> {
        if (isPrintable(c)) {
          yield "";
        }
        yield c < 0x100
            ? "\\x%02x".formatted(c)
            : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
      }
    };
  }

  static boolean isPrintable(int c) {
    return c == ' '
        || switch (Character.getType(c)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.PRIVATE_USE,
              Character.UNASSIGNED,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.SPACE_SEPARATOR ->
              false;
          default -> true;
        };
  }
}
