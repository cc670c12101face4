package dev.luthier.text.template;

import java.time.Clock;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Functions that every template sees.
final class Globals {
  /// The bound of jinja2's sandbox.
  private static final int RANGE_MAX = 100_000;

  private final Fuel fuel;
  private final Clock clock;

  Globals(Fuel fuel, Clock clock) {
    this.fuel = fuel;
    this.clock = clock;
  }

  void addTo(Scope scope) {
    add(scope, "range", Globals::range);
    add(scope, "dict", arguments -> dict(arguments, "dict"));
    add(scope, "namespace", this::namespace);
    add(scope, "joiner", this::joiner);
    add(scope, "raise_exception", this::raise);
    add(scope, "strftime_now", this::now);
    for (String name : List.of("cycler", "lipsum")) {
      add(
          scope,
          name,
          _ -> {
            throw new Refusal("the function " + name + "() is not supported in chat templates");
          });
    }
  }

  private static void add(Scope scope, String name, Value.Callable.Body body) {
    scope.set(name, new Value.Callable(name, body));
  }

  private static Value range(Arguments arguments) {
    List<Value> bounds = arguments.positional();
    Arguments.Bound bound = arguments.bindPositional("range", "start", "stop", "step");
    long start = bounds.size() < 2 ? 0 : bound.integer("start", 0);
    long stop = Operators.index(bound.need(bounds.size() < 2 ? "start" : "stop"), "range");
    long step = bound.integer("step", 1);
    if (step == 0) {
      throw new Refusal("range() with a step of zero");
    }
    long size = step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
    if (size > RANGE_MAX) {
      throw new Refusal("range() of %d exceeds the limit of %d".formatted(size, RANGE_MAX));
    }
    return new Value.RangeValue(start, step, (int) Math.max(0, size));
  }

  private DictValue dict(Arguments arguments, String function) {
    if (arguments.positional().size() > 1) {
      throw new Refusal(function + "() takes at most 1 argument in order");
    }
    DictValue dict = new DictValue();
    for (Value source : arguments.positional()) {
      copy(source, dict);
    }
    arguments.keyword().forEach((name, value) -> dict.put(Text.of(name), value));
    return dict;
  }

  private void copy(Value source, DictValue dict) {
    Value pairs = source instanceof DictValue given ? new Value.ListValue(given.pairs()) : source;
    Iterator<Value> each = Sequences.iterate(pairs, fuel);
    while (each.hasNext()) {
      List<Value> pair = Sequences.list(each.next(), fuel);
      if (pair.size() != 2) {
        throw new Refusal("dict() needs pairs, got one of length " + pair.size());
      }
      dict.put(pair.getFirst(), pair.getLast());
    }
  }

  private Value namespace(Arguments arguments) {
    NamespaceValue namespace = new NamespaceValue();
    DictValue attributes = dict(arguments, "namespace");
    for (Value key : attributes.keys()) {
      if (!(key instanceof Text name)) {
        throw new Refusal("namespace() needs names, got " + PythonText.typeName(key));
      }
      namespace.set(name.chars(), attributes.get(key).orElseThrow());
    }
    return namespace;
  }

  private Value joiner(Arguments arguments) {
    Arguments.Bound bound = arguments.bind("joiner", "sep");
    Value separator = bound.get("sep", Text.of(", "));
    NamespaceValue used = new NamespaceValue();
    return new Value.Callable(
        "joiner",
        _ -> {
          boolean first = used.get("yes").isEmpty();
          used.set("yes", Value.TRUE);
          return first ? Text.EMPTY : separator;
        });
  }

  private Value raise(Arguments arguments) {
    Value message = arguments.bind("raise_exception", "message").need("message");
    throw new Refusal(PythonText.str(message, fuel).chars());
  }

  private Value now(Arguments arguments) {
    Text format = arguments.bind("strftime_now", "format").text("format");
    return Text.of(TimeFormat.format(format.chars(), clock, fuel), format.origin());
  }

  /// A macro's name, shown as Python shows it.
  static Optional<String> macroPrinted(String name) {
    return Optional.of(name.isEmpty() ? "<Macro anonymous>" : "<Macro '" + name + "'>");
  }
}
