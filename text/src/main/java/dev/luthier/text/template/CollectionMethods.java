package dev.luthier.text.template;

import java.util.Iterator;
import java.util.Optional;

/// Methods of dicts, lists, tuples and ranges that do not change them.
final class CollectionMethods {
  private final Fuel fuel;

  CollectionMethods(Fuel fuel) {
    this.fuel = fuel;
  }

  Optional<Value> ofDict(DictValue dict, String name) {
    return switch (name) {
      case "keys" -> Optional.of(view(dict, name, Value.ViewValue.Kind.KEYS));
      case "values" -> Optional.of(view(dict, name, Value.ViewValue.Kind.VALUES));
      case "items" -> Optional.of(view(dict, name, Value.ViewValue.Kind.ITEMS));
      case "get" -> method(name, arguments -> get(dict, arguments));
      case "copy" ->
          method(
              name,
              arguments -> {
                arguments.bindPositional("copy");
                return copy(dict);
              });
      case "fromkeys" -> method(name, arguments -> fromKeys(arguments, fuel));
      default -> Optional.empty();
    };
  }

  Optional<Value> ofSequence(Value sequence, String name) {
    return switch (name) {
      case "count" -> method(name, arguments -> Value.of(count(sequence, arguments)));
      case "index" -> method(name, arguments -> Value.of(index(sequence, arguments)));
      case "copy" ->
          sequence instanceof Value.ListValue(var items)
              ? method(name, _ -> new Value.ListValue(items))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<Value> method(String name, Value.Callable.Body body) {
    return Optional.of(new Value.Callable(name, body));
  }

  private static Value view(DictValue dict, String name, Value.ViewValue.Kind kind) {
    return new Value.Callable(
        name,
        arguments -> {
          arguments.bindPositional(name);
          return new Value.ViewValue(kind, dict);
        });
  }

  private static Value get(DictValue dict, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("get", "key", "default");
    return dict.get(bound.need("key")).orElse(bound.get("default", Value.NONE));
  }

  DictValue copy(DictValue dict) {
    fuel.steps(dict.size());
    DictValue copy = new DictValue();
    for (Value key : dict.keys()) {
      copy.put(key, dict.get(key).orElseThrow());
    }
    return copy;
  }

  static Value fromKeys(Arguments arguments, Fuel fuel) {
    Arguments.Bound bound = arguments.bindPositional("fromkeys", "iterable", "value");
    DictValue dict = new DictValue();
    Iterator<Value> keys = Sequences.iterate(bound.need("iterable"), fuel);
    while (keys.hasNext()) {
      dict.put(keys.next(), bound.get("value", Value.NONE));
    }
    return dict;
  }

  private int count(Value sequence, Arguments arguments) {
    Value wanted = arguments.bindPositional("count", "value").need("value");
    Comparisons comparisons = new Comparisons(fuel);
    int count = 0;
    Iterator<Value> each = Sequences.iterate(sequence, fuel);
    while (each.hasNext()) {
      count += comparisons.equal(each.next(), wanted) ? 1 : 0;
    }
    return count;
  }

  private int index(Value sequence, Arguments arguments) {
    Arguments.Bound bound = arguments.bindPositional("index", "value", "start", "stop");
    int length = Sequences.length(sequence).orElseThrow();
    int from = Math.max(0, clamp(bound.integer("start", 0), length));
    int to = Math.min(length, clamp(bound.integer("stop", length), length));
    Comparisons comparisons = new Comparisons(fuel);
    for (int i = from; i < to; i++) {
      if (comparisons.equal(Sequences.at(sequence, i, fuel).orElseThrow(), bound.need("value"))) {
        return i;
      }
    }
    throw new Refusal("index(): the value is not in the list");
  }

  private static int clamp(int index, int length) {
    return index < 0 ? index + length : index;
  }
}
