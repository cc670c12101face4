package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Python's `json.dumps` as transformers offers it to templates: no HTML escapes, and characters
/// beyond ASCII stay unless `ensure_ascii`.
final class JsonWriter {
  /// @param indent what one level is indented by; empty for one line
  record Style(
      boolean asciiOnly,
      Optional<String> indent,
      Text itemSeparator,
      Text keySeparator,
      boolean sortedKeys) {}

  private final Style style;
  private final Fuel fuel;
  private final TextBuilder out;

  private JsonWriter(Style style, Fuel fuel) {
    this.style = style;
    this.fuel = fuel;
    this.out = new TextBuilder(fuel);
  }

  static Text write(Value value, Style style, Fuel fuel) {
    JsonWriter writer = new JsonWriter(style, fuel);
    writer.write(value, 0);
    return writer.out.buildTainted();
  }

  private void write(Value value, int level) {
    fuel.step();
    fuel.enter();
    switch (value) {
      case Text text -> quoted(text);
      case Value.None _ -> plain("null");
      case Value.Bool bool -> plain(bool.value() ? "true" : "false");
      case Value.Int number -> {
        PythonText.payDigits(number, fuel);
        out.append(PythonText.integer(number), number.origin());
      }
      case Value.Real real -> out.append(real(real.value()), real.origin());
      case Value.ListValue list -> list(list.items(), level);
      case Value.TupleValue tuple -> list(tuple.items(), level);
      case DictValue dict -> dict(dict, level);
      case Value.Undefined undefined ->
          throw new Refusal("tojson of an undefined value: " + undefined.reason());
      case Value.RangeValue _,
          Value.ViewValue _,
          NamespaceValue _,
          GeneratorValue _,
          LoopValue _,
          Value.Callable _ ->
          throw new Refusal(
              "tojson cannot write a value of type '" + PythonText.typeName(value) + "'");
    }
    fuel.leave();
  }

  private void plain(String text) {
    out.append(text, Text.TEMPLATE);
  }

  private void list(List<Value> items, int level) {
    if (items.isEmpty()) {
      plain("[]");
      return;
    }
    plain("[");
    boolean first = true;
    for (Value item : items) {
      separate(first, level + 1);
      first = false;
      write(item, level + 1);
    }
    newLine(level);
    plain("]");
  }

  private void dict(DictValue dict, int level) {
    if (dict.size() == 0) {
      plain("{}");
      return;
    }
    plain("{");
    boolean first = true;
    for (Value pair : pairs(dict)) {
      separate(first, level + 1);
      first = false;
      List<Value> entry = ((Value.TupleValue) pair).items();
      quoted(key(entry.getFirst()));
      out.append(style.keySeparator());
      write(entry.getLast(), level + 1);
    }
    newLine(level);
    plain("}");
  }

  private List<Value> pairs(DictValue dict) {
    List<Value> pairs = dict.pairs();
    if (!style.sortedKeys()) {
      return pairs;
    }
    Comparator<Value> byKey =
        (a, b) -> {
          Value one = ((Value.TupleValue) a).items().getFirst();
          Value other = ((Value.TupleValue) b).items().getFirst();
          return new Comparisons(fuel).compare(one, other);
        };
    List<Value> sorted = new ArrayList<>(pairs);
    sorted.sort(byKey);
    return sorted;
  }

  private static Text key(Value key) {
    return switch (key) {
      case Text text -> text;
      case Value.None _ -> Text.of("null");
      case Value.Bool bool -> Text.of(bool.value() ? "true" : "false");
      case Value.Int number -> Text.of(PythonText.integer(number), number.origin());
      case Value.Real real -> Text.of(real(real.value()), real.origin());
      default ->
          throw new Refusal(
              "tojson needs keys of text, not of type '" + PythonText.typeName(key) + "'");
    };
  }

  private static String real(double value) {
    if (Double.isNaN(value)) {
      return "NaN";
    }
    return Double.isInfinite(value)
        ? (value < 0 ? "-Infinity" : "Infinity")
        : PythonText.real(value);
  }

  private void separate(boolean first, int level) {
    if (!first) {
      out.append(style.itemSeparator());
    }
    newLine(level);
  }

  private void newLine(int level) {
    style
        .indent()
        .ifPresent(indent -> {
          fuel.length((long) indent.length() * level);
          plain("\n" + indent.repeat(level));
        });
  }

  private void quoted(Text text) {
    String s = text.chars();
    plain("\"");
    int done = 0;
    for (int i = 0; i < s.length(); i++) {
      String escape = escape(s.charAt(i));
      if (!escape.isEmpty()) {
        out.append(text, done, i).append(escape, text.runOrigin(text.runAt(i)));
        done = i + 1;
      }
    }
    out.append(text, done, s.length());
    plain("\"");
  }

  private String escape(char c) {
    return switch (c) {
      case '"' -> "\\\"";
      case '\\' -> "\\\\";
      case '\n' -> "\\n";
      case '\r' -> "\\r";
      case '\t' -> "\\t";
      case '\b' -> "\\b";
      case '\f' -> "\\f";
      default -> c < ' ' || (style.asciiOnly() && c > '~') ? "\\u%04x".formatted((int) c) : "";
    };
  }
}
