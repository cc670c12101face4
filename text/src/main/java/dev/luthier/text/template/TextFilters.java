package dev.luthier.text.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Filters that make text.
final class TextFilters {
  private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);
  private static final int TRUNCATE_LEEWAY = 5;

  private TextFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    casing(filters, "upper", Casing::upper);
    casing(filters, "lower", Casing::lower);
    casing(filters, "capitalize", Casing::capitalize);
    // jinja2 builds titles from parts, which loses the mark of HTML.
    casing(filters, "title", Casing::titleWords);
    filters.computeIfPresent(
        "title",
        (_, title) ->
            (value, arguments, evaluator) ->
                title.apply(str(value, evaluator).plain(), arguments, evaluator));
    filters.put(
        "string",
        (value, arguments, evaluator) -> {
          arguments.bind("string", "s");
          return str(value, evaluator);
        });
    filters.put("safe", (value, _, evaluator) -> str(value, evaluator).asMarkup());
    for (String name : List.of("escape", "e")) {
      filters.put(
          name, (value, _, evaluator) -> Markup.of(str(value, evaluator), evaluator.fuel()));
    }
    filters.put("trim", TextFilters::trim);
    filters.put("replace", TextFilters::replace);
    filters.put("indent", TextFilters::indent);
    filters.put("center", TextFilters::center);
    filters.put("truncate", TextFilters::truncate);
    filters.put("format", TextFilters::format);
    filters.put("tojson", TextFilters::toJson);
    filters.put(
        "wordcount",
        (value, _, evaluator) -> {
          Text text = str(value, evaluator);
          // a step for four characters: finding words takes longer than copying
          evaluator.fuel().steps(1 + text.length() / 4);
          return Value.of(WORD.matcher(text.chars()).results().count());
        });
  }

  static Text str(Value value, Evaluator evaluator) {
    return PythonText.str(value, evaluator.fuel());
  }

  private static void casing(
      Map<String, Filters.Filter> filters, String name, UnaryOperator<String> change) {
    filters.put(
        name,
        (value, arguments, evaluator) -> {
          arguments.bind(name);
          Text text = str(value, evaluator);
          evaluator.fuel().characters(text.length());
          return text.with(change.apply(text.chars()));
        });
  }

  private static Value trim(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("trim", "chars");
    Optional<String> set = bound.some("chars").map(_ -> bound.text("chars").chars());
    return CodePoints.strip(str(value, evaluator), set, true, true, evaluator.fuel());
  }

  private static Value replace(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("replace", "old", "new", "count");
    Text old = str(bound.need("old"), evaluator);
    Text replacement = str(bound.need("new"), evaluator);
    int count = bound.some("count").map(_ -> bound.integer("count", -1)).orElse(-1);
    return TextOperations.replace(
        str(value, evaluator).plain(), old, replacement, count, evaluator.fuel());
  }

  private static Text need(Value value, String filter) {
    if (value instanceof Text text) {
      return text;
    }
    throw value instanceof Value.Undefined undefined
        ? new Refusal(undefined.reason())
        : new Refusal(
            "the filter '%s' needs a string, got %s".formatted(filter, PythonText.typeName(value)));
  }

  private static Value indent(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("indent", "width", "first", "blank");
    Fuel fuel = evaluator.fuel();
    Text indention =
        bound.get("width", Value.of(4)) instanceof Text text
            ? text
            : new Operators(fuel).repeat(Text.of(" "), Math.max(0, bound.integer("width", 4)));
    Text newLine = Text.of("\n");
    Text subject = need(value, "indent");
    Text ended = new TextBuilder(fuel).append(subject).append(newLine).build();
    List<Value> lines = TextOperations.lines(ended, false, fuel);
    TextBuilder out = new TextBuilder(fuel);
    out.append(bound.truth("first") ? indention : Text.EMPTY);
    for (int i = 0; i < lines.size(); i++) {
      Text line = (Text) lines.get(i);
      if (i > 0) {
        boolean indented = bound.truth("blank") || line.length() > 0;
        out.append(newLine).append(indented ? indention : Text.EMPTY);
      }
      out.append(line);
    }
    return out.build().markedLike(subject);
  }

  private static Value center(Value value, Arguments arguments, Evaluator evaluator) {
    int width = arguments.bind("center", "width").integer("width", 80);
    Value method = evaluator.attributes().attribute(str(value, evaluator), "center");
    return evaluator.call(method, Arguments.of(Value.of(width)), evaluator.line());
  }

  private static Value truncate(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("truncate", "length", "killwords", "end", "leeway");
    Text end = bound.find("end").isPresent() ? bound.text("end") : Text.of("...");
    int length = bound.integer("length", 255);
    int leeway = bound.some("leeway").map(_ -> bound.integer("leeway", 0)).orElse(TRUNCATE_LEEWAY);
    int kept = length - CodePoints.length(end.chars());
    if (kept < 0 || leeway < 0) {
      throw new Refusal("truncate() needs a length of at least its end's and no negative leeway");
    }
    if (Sequences.length(value).orElse(Integer.MAX_VALUE) <= (long) length + leeway) {
      return value;
    }
    Text text = need(value, "truncate");
    Text cut = text.substring(0, CodePoints.offset(text.chars(), kept));
    int space = bound.truth("killwords") ? -1 : cut.chars().lastIndexOf(' ');
    Text whole = space < 0 ? cut : cut.substring(0, space);
    return evaluator.operators().add(whole, end);
  }

  private static Value format(Value value, Arguments arguments, Evaluator evaluator) {
    if (!arguments.positional().isEmpty() && !arguments.keyword().isEmpty()) {
      throw new Refusal("format() takes positional or named arguments, not both");
    }
    DictValue named = new DictValue();
    arguments.keyword().forEach((name, named1) -> named.put(Text.of(name), named1));
    Value values =
        arguments.keyword().isEmpty() ? new Value.TupleValue(arguments.positional()) : named;
    return new PercentFormat(str(value, evaluator), evaluator.fuel()).apply(values);
  }

  private static Value toJson(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound =
        arguments.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys");
    Optional<String> indent =
        bound
            .some("indent")
            .map(given ->
                given instanceof Text text ? text.chars() : spaces(bound, evaluator.fuel()));
    Text item = Text.of(indent.isPresent() ? "," : ", ");
    Text key = Text.of(": ");
    if (bound.some("separators").isPresent()) {
      List<Value> pair = Sequences.list(bound.need("separators"), evaluator.fuel());
      if (pair.size() != 2
          || !(pair.getFirst() instanceof Text a && pair.getLast() instanceof Text b)) {
        throw new Refusal("tojson() needs two strings as separators");
      }
      item = a;
      key = b;
    }
    JsonWriter.Style style =
        new JsonWriter.Style(
            bound.truth("ensure_ascii"), indent, item, key, bound.truth("sort_keys"));
    return JsonWriter.write(value, style, evaluator.fuel());
  }

  private static String spaces(Arguments.Bound bound, Fuel fuel) {
    int width = Math.max(0, bound.integer("indent", 0));
    fuel.length(width);
    return " ".repeat(width);
  }
}
