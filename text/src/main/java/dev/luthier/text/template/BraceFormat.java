package dev.luthier.text.template;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Python's `'...{}...'.format(...)`, with fields resolved by the same closed attributes.
final class BraceFormat {
  private static final Pattern FIELD =
      Pattern.compile(
          "([^.\\[!:]*)((?:\\.[^.\\[!:]+|\\[[^\\]]+\\])*)(?:!(.))?(?::(.*))?", Pattern.DOTALL);
  private static final Pattern STEP = Pattern.compile("\\.([^.\\[]+)|\\[([^\\]]+)\\]");
  private static final Pattern SPECIFICATION =
      Pattern.compile(
          "(?:(.)?([<>=^]))?([-+ ])?(0)?(\\d+)?([,_])?(?:\\.(\\d+))?([a-zA-Z%])?", Pattern.DOTALL);

  private final Fuel fuel;
  private final Attributes attributes;
  private Arguments arguments = Arguments.NOTHING;
  private int automatic;

  BraceFormat(Fuel fuel, Attributes attributes) {
    this.fuel = fuel;
    this.attributes = attributes;
  }

  Text format(Text format, Arguments given) {
    arguments = given;
    TextBuilder out = new TextBuilder(fuel);
    String s = format.chars();
    int at = 0;
    while (at < s.length()) {
      char c = s.charAt(at);
      boolean doubled = at + 1 < s.length() && s.charAt(at + 1) == c;
      if (c != '{' && c != '}') {
        int next = at;
        while (next < s.length() && s.charAt(next) != '{' && s.charAt(next) != '}') {
          next++;
        }
        out.append(format, at, next);
        at = next;
      } else if (doubled) {
        out.append(format, at, at + 1);
        at += 2;
      } else if (c == '}') {
        throw new Refusal("single '}' in a format string");
      } else {
        int close = closing(s, at);
        out.append(Markup.beside(format, field(s.substring(at + 1, close)), fuel));
        at = close + 1;
      }
    }
    return out.build().markedLike(format);
  }

  private static int closing(String s, int open) {
    int close = s.indexOf('}', open);
    int nested = s.indexOf('{', open + 1);
    if (close < 0) {
      throw new Refusal("'{' without '}' in a format string");
    }
    if (nested >= 0 && nested < close) {
      throw new Refusal("fields inside of fields are not supported in a format string");
    }
    return close;
  }

  private Text field(String field) {
    Matcher matcher = FIELD.matcher(field);
    if (!matcher.matches()) {
      throw new Refusal("cannot read the field '{" + field + "}' of a format string");
    }
    Value value = first(matcher.group(1));
    Matcher step = STEP.matcher(matcher.group(2));
    while (step.find()) {
      value = step(value, Optional.ofNullable(step.group(1)), step.group());
    }
    String conversion = Optional.ofNullable(matcher.group(3)).orElse("");
    Value converted =
        switch (conversion) {
          case "" -> value;
          case "s" -> PythonText.str(value, fuel).plain();
          case "r" -> PythonText.repr(value, fuel);
          default -> throw new Refusal("unknown conversion '!" + conversion + "'");
        };
    return specified(converted, Optional.ofNullable(matcher.group(4)).orElse(""));
  }

  private Value step(Value value, Optional<String> attribute, String written) {
    if (attribute.isPresent()) {
      return attributes.attribute(value, attribute.get());
    }
    String key = written.substring(1, written.length() - 1);
    boolean number = key.length() < 10 && key.chars().allMatch(c -> c >= '0' && c <= '9');
    return attributes.item(value, number ? Value.of(Integer.parseInt(key)) : Text.of(key));
  }

  private Value first(String name) {
    if (!name.isEmpty() && !name.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.ofNullable(arguments.keyword().get(name))
          .orElseThrow(() -> new Refusal("format() has no value for '" + name + "'"));
    }
    if ((name.isEmpty() && automatic < 0) || (!name.isEmpty() && automatic > 0)) {
      throw new Refusal("format() mixes '{}' and '{0}'");
    }
    int index =
        name.isEmpty()
            ? automatic++
            : name.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(name);
    automatic = name.isEmpty() ? automatic : -1;
    if (index >= arguments.positional().size()) {
      throw new Refusal("format() has no argument " + index);
    }
    return arguments.positional().get(index);
  }

  private Text specified(Value value, String specification) {
    if (specification.isEmpty()) {
      return PythonText.str(value, fuel);
    }
    Matcher matcher = SPECIFICATION.matcher(specification);
    if (!matcher.matches()) {
      throw new Refusal("invalid format specifier '" + specification + "'");
    }
    PythonText.payDigits(value, fuel);
    char type = matcher.group(8) == null ? ' ' : matcher.group(8).charAt(0);
    int precision = matcher.group(7) == null ? -1 : NumberFormat.checked(parse(matcher.group(7)));
    Text body =
        switch (value) {
          case Text text -> text(text, precision, type);
          case Value.Int number -> number(matcher, number, precision, type);
          case Value.Real real -> number(matcher, real, precision, type);
          case Value.Bool _ ->
              number(matcher, Operators.integer(value).orElseThrow(), precision, type);
          default ->
              throw new Refusal(
                  "format() cannot lay out a value of type " + PythonText.typeName(value));
        };
    return aligned(body, matcher, value instanceof Text);
  }

  private static int parse(String digits) {
    return digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits);
  }

  private static Text text(Text text, int precision, char type) {
    if (type != ' ' && type != 's') {
      throw new Refusal("unknown format code '" + type + "' for a string");
    }
    boolean longer = precision >= 0 && precision < CodePoints.length(text.chars());
    return longer ? text.substring(0, CodePoints.offset(text.chars(), precision)) : text;
  }

  private static Text number(Matcher matcher, Value value, int precision, char type) {
    int origin =
        value instanceof Value.Int number ? number.origin() : ((Value.Real) value).origin();
    double real = type == 'd' ? 0 : Operators.real(value).orElseThrow().value();
    int digits = precision < 0 ? 6 : precision;
    String plain =
        switch (type) {
          case 'f', 'F' -> NumberFormat.fixed(real, digits);
          case 'e' -> NumberFormat.scientific(real, digits);
          case 'g' -> NumberFormat.general(real, digits);
          case '%' -> NumberFormat.fixed(real * 100, digits) + "%";
          case ' ', 'd', 'x', 'X', 'o', 'b' -> whole(value, precision, type);
          default -> throw unknownCode(type);
        };
    String sign = matcher.group(3);
    boolean shown = sign != null && !sign.equals("-") && !plain.startsWith("-");
    String separator = matcher.group(6);
    String grouped = separator == null ? plain : grouped(plain, separator);
    return Text.of(shown ? sign + grouped : grouped, origin);
  }

  private static String whole(Value value, int precision, char type) {
    if (value instanceof Value.Int number && precision < 0) {
      return NumberFormat.integer(number.value(), type);
    }
    if (value instanceof Value.Real real && precision < 0 && type == ' ') {
      return PythonText.real(real.value());
    }
    throw unknownCode(type);
  }

  private static Refusal unknownCode(char type) {
    return new Refusal("unsupported format code '" + type + "' for this number");
  }

  private static String grouped(String number, String separator) {
    Matcher digits = Pattern.compile("\\d+").matcher(number);
    if (!digits.find()) {
      return number;
    }
    String whole = digits.group().replaceAll("(?<=\\d)(?=(\\d{3})+$)", separator);
    return number.substring(0, digits.start()) + whole + number.substring(digits.end());
  }

  private Text aligned(Text body, Matcher matcher, boolean isText) {
    int width = matcher.group(5) == null ? 0 : parse(matcher.group(5));
    int missing = width - CodePoints.length(body.chars());
    if (missing <= 0) {
      return body;
    }
    boolean zero = matcher.group(4) != null;
    String align = Optional.ofNullable(matcher.group(2)).orElse(isText ? "<" : zero ? "=" : ">");
    String fill = Optional.ofNullable(matcher.group(1)).orElse(zero ? "0" : " ");
    if (align.equals("=")) {
      int sign = body.chars().matches("[-+ ].*") ? 1 : 0;
      return new TextBuilder(fuel)
          .append(body, 0, sign)
          .append(new Operators(fuel).repeat(Text.of(fill), missing))
          .append(body, sign, body.length())
          .build();
    }
    int left = align.equals("<") ? 0 : align.equals(">") ? missing : missing / 2;
    return TextOperations.padded(body, left, missing - left, Text.of(fill), fuel);
  }
}
