package dev.luthier.text.template;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Python's methods of `str`.
final class StringMethods {
  private static final Set<String> NAMES =
      Set.of(
          "capitalize",
          "casefold",
          "center",
          "count",
          "endswith",
          "find",
          "format",
          "format_map",
          "index",
          "isalnum",
          "isalpha",
          "isascii",
          "isdecimal",
          "isdigit",
          "islower",
          "isnumeric",
          "isprintable",
          "isspace",
          "istitle",
          "isupper",
          "join",
          "ljust",
          "lower",
          "lstrip",
          "partition",
          "removeprefix",
          "removesuffix",
          "replace",
          "rfind",
          "rindex",
          "rjust",
          "rpartition",
          "rsplit",
          "rstrip",
          "split",
          "splitlines",
          "startswith",
          "strip",
          "swapcase",
          "title",
          "upper",
          "zfill");
  private static final Set<String> UNSUPPORTED =
      Set.of("encode", "expandtabs", "isidentifier", "maketrans", "translate");

  private final Fuel fuel;
  private final Attributes attributes;

  StringMethods(Fuel fuel, Attributes attributes) {
    this.fuel = fuel;
    this.attributes = attributes;
  }

  Optional<Value> find(Text text, String name) {
    if (NAMES.contains(name)) {
      return Optional.of(new Value.Callable(name, arguments -> call(text, name, arguments)));
    }
    return UNSUPPORTED.contains(name)
        ? Optional.of(new Value.Callable(name, _ -> unsupported(name)))
        : Optional.empty();
  }

  private static Value unsupported(String name) {
    throw new Refusal("the method str." + name + " is not supported in chat templates");
  }

  private Value call(Text text, String name, Arguments arguments) {
    fuel.steps(1 + text.length() / 64);
    return switch (name) {
      case "format" -> new BraceFormat(fuel, attributes).format(text, arguments);
      case "format_map" -> formatMap(text, arguments);
      case "split" -> split(text, arguments, false);
      case "rsplit" -> split(text, arguments, true);
      case "splitlines" -> lines(text, arguments);
      default -> positional(text, name, arguments);
    };
  }

  private Value positional(Text text, String name, Arguments arguments) {
    return switch (name) {
      case "strip" -> strip(text, arguments, name, true, true);
      case "lstrip" -> strip(text, arguments, name, true, false);
      case "rstrip" -> strip(text, arguments, name, false, true);
      case "startswith", "endswith" -> Value.of(affixed(text, arguments, name));
      case "find", "rfind", "index", "rindex" -> locate(text, arguments, name);
      case "count" -> count(text, arguments);
      case "replace" -> {
        Arguments.Bound bound = arguments.bindPositional(name, "old", "new", "count");
        int count = bound.integer("count", -1);
        Text replacement = Markup.beside(text, bound.text("new"), fuel);
        yield TextOperations.replace(text, bound.text("old"), replacement, count, fuel)
            .markedLike(text);
      }
      case "join" -> join(text, arguments);
      case "partition", "rpartition" -> partition(text, arguments, name);
      case "removeprefix" -> {
        Text prefix = arguments.bindPositional(name, "prefix").text("prefix");
        boolean has = text.chars().startsWith(prefix.chars());
        yield has ? text.substring(prefix.length(), text.length()) : text;
      }
      case "removesuffix" -> {
        Text suffix = arguments.bindPositional(name, "suffix").text("suffix");
        boolean has = text.chars().endsWith(suffix.chars());
        yield has ? text.substring(0, text.length() - suffix.length()) : text;
      }
      case "center", "ljust", "rjust", "zfill" -> pad(text, arguments, name);
      default -> {
        arguments.bindPositional(name);
        yield plain(text, name);
      }
    };
  }

  private static Value plain(Text text, String name) {
    String s = text.chars();
    return switch (name) {
      case "capitalize" -> text.with(Casing.capitalize(s));
      case "casefold" -> text.with(Casing.casefold(s));
      case "lower" -> text.with(Casing.lower(s));
      case "upper" -> text.with(Casing.upper(s));
      case "title" -> text.with(Casing.title(s));
      case "swapcase" -> text.with(Casing.swap(s));
      default -> Value.of(Casing.is(name, s));
    };
  }

  private Value formatMap(Text text, Arguments arguments) {
    Value map = arguments.bindPositional("format_map", "mapping").need("mapping");
    Arguments named =
        new Arguments(List.of(), Evaluator.keywords(map, "format_map() needs a dict of names"));
    return new BraceFormat(fuel, attributes).format(text, named);
  }

  private Value strip(Text text, Arguments arguments, String name, boolean left, boolean right) {
    Arguments.Bound bound = arguments.bindPositional(name, "chars");
    Optional<String> set = bound.some("chars").map(_ -> bound.text("chars").chars());
    return CodePoints.strip(text, set, left, right, fuel);
  }

  private Value split(Text text, Arguments arguments, boolean fromRight) {
    Arguments.Bound bound = arguments.bind("split", "sep", "maxsplit");
    int max = bound.integer("maxsplit", -1);
    int limit = max < 0 ? Integer.MAX_VALUE : max;
    List<Value> parts =
        bound.some("sep").isEmpty()
            ? TextOperations.splitAtSpace(text, limit, fromRight, fuel)
            : TextOperations.split(text, separator(bound), limit, fromRight, fuel);
    return new Value.ListValue(parts);
  }

  private static Text separator(Arguments.Bound bound) {
    Text separator = bound.text("sep");
    if (separator.length() == 0) {
      throw new Refusal(bound.function() + "() with an empty separator");
    }
    return separator;
  }

  private Value lines(Text text, Arguments arguments) {
    boolean keepEnds = arguments.bind("splitlines", "keepends").truth("keepends");
    return new Value.ListValue(TextOperations.lines(text, keepEnds, fuel));
  }

  private boolean affixed(Text text, Arguments arguments, String name) {
    Arguments.Bound bound = arguments.bindPositional(name, "affix", "start", "end");
    Text part = part(text, bound);
    if (bound.need("affix") instanceof Value.TupleValue choices) {
      return choices.items().stream().anyMatch(choice -> affixed(part, choice, name));
    }
    return affixed(part, bound.need("affix"), name) && startsInside(text, bound);
  }

  private static boolean startsInside(Text text, Arguments.Bound bound) {
    return bound.some("start").isEmpty()
        || bound.integer("start", 0) <= CodePoints.length(text.chars());
  }

  private static boolean affixed(Text text, Value affix, String name) {
    if (!(affix instanceof Text wanted)) {
      throw new Refusal(
          "%s() needs a string or a tuple of strings, got %s"
              .formatted(name, PythonText.typeName(affix)));
    }
    return name.equals("startswith")
        ? text.chars().startsWith(wanted.chars())
        : text.chars().endsWith(wanted.chars());
  }

  private Text part(Text text, Arguments.Bound bound) {
    Value from = bound.get("start", Value.NONE);
    Value to = bound.get("end", Value.NONE);
    return (Text) Sequences.slice(text, from, to, Value.NONE, fuel);
  }

  private Value locate(Text text, Arguments arguments, String name) {
    Arguments.Bound bound = arguments.bindPositional(name, "sub", "start", "end");
    String wanted = bound.text("sub").chars();
    Text part = part(text, bound);
    int found =
        name.startsWith("r")
            ? CodePoints.lastIndexOf(part.chars(), wanted, Integer.MAX_VALUE, fuel)
            : CodePoints.indexOf(part.chars(), wanted, 0, fuel);
    int start = start(text, bound);
    if (found < 0 || start > CodePoints.length(text.chars())) {
      if (name.endsWith("index")) {
        throw new Refusal("substring not found");
      }
      return Value.of(-1);
    }
    return Value.of(start + part.chars().codePointCount(0, found));
  }

  private static int start(Text text, Arguments.Bound bound) {
    int start = bound.some("start").isPresent() ? bound.integer("start", 0) : 0;
    return start < 0 ? Math.max(0, start + CodePoints.length(text.chars())) : start;
  }

  private Value count(Text text, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("count", "sub", "start", "end");
    String s = part(text, bound).chars();
    String wanted = bound.text("sub").chars();
    if (wanted.isEmpty()) {
      return Value.of(startsInside(text, bound) ? CodePoints.length(s) + 1 : 0);
    }
    int count = 0;
    for (int at = CodePoints.indexOf(s, wanted, 0, fuel);
        at >= 0;
        at = CodePoints.indexOf(s, wanted, at + wanted.length(), fuel)) {
      count++;
    }
    return Value.of(count);
  }

  private Value join(Text separator, Arguments arguments) {
    Value items = arguments.bindPositional("join", "iterable").need("iterable");
    TextBuilder joined = new TextBuilder(fuel);
    Iterator<Value> each = Sequences.iterate(items, fuel);
    for (boolean first = true; each.hasNext(); first = false) {
      Value item = each.next();
      if (!(item instanceof Text part)) {
        throw new Refusal("join() needs strings, got " + PythonText.typeName(item));
      }
      joined.append(first ? Text.EMPTY : separator);
      joined.append(Markup.beside(separator, part, fuel));
    }
    return joined.build().markedLike(separator);
  }

  private Value partition(Text text, Arguments arguments, String name) {
    Text separator = separator(arguments.bindPositional(name, "sep"));
    boolean last = name.startsWith("r");
    String s = text.chars();
    int at =
        last
            ? CodePoints.lastIndexOf(s, separator.chars(), Integer.MAX_VALUE, fuel)
            : CodePoints.indexOf(s, separator.chars(), 0, fuel);
    if (at < 0) {
      Text nothing = text.substring(0, 0);
      List<Value> whole = last ? List.of(nothing, nothing, text) : List.of(text, nothing, nothing);
      return new Value.TupleValue(whole);
    }
    int end = at + separator.length();
    return new Value.TupleValue(
        List.of(text.substring(0, at), text.substring(at, end), text.substring(end, s.length())));
  }

  private Value pad(Text text, Arguments arguments, String name) {
    Arguments.Bound bound = arguments.bindPositional(name, "width", "fillchar");
    int width = Operators.index(bound.need("width"), name);
    int missing = Math.max(0, width - CodePoints.length(text.chars()));
    if (name.equals("zfill")) {
      boolean signed = text.length() > 0 && "+-".indexOf(text.chars().charAt(0)) >= 0;
      int sign = signed ? 1 : 0;
      Text zeros = new Operators(fuel).repeat(Text.of("0"), missing);
      return new TextBuilder(fuel)
          .append(text, 0, sign)
          .append(zeros)
          .append(text, sign, text.length())
          .build()
          .markedLike(text);
    }
    Text fill = bound.find("fillchar").isPresent() ? bound.text("fillchar") : Text.of(" ");
    if (CodePoints.length(fill.chars()) != 1) {
      throw new Refusal(name + "() pads with exactly one character");
    }
    int left =
        switch (name) {
          case "ljust" -> 0;
          case "rjust" -> missing;
          default -> missing / 2 + (missing & width & 1);
        };
    return TextOperations.padded(text, left, missing - left, fill, fuel).markedLike(text);
  }
}
