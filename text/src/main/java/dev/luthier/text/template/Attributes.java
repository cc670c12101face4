package dev.luthier.text.template;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `value.name` and `value[key]` as jinja2's immutable sandbox resolves them. What the sandbox
/// calls unsafe does not exist here; such names are undefined, as there.
final class Attributes {
  private static final Set<String> CHANGING_LIST =
      Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");
  private static final Set<String> CHANGING_DICT =
      Set.of("clear", "pop", "popitem", "setdefault", "update");

  private final Fuel fuel;
  private final StringMethods strings;
  private final CollectionMethods collections;

  Attributes(Fuel fuel) {
    this.fuel = fuel;
    this.strings = new StringMethods(fuel, this);
    this.collections = new CollectionMethods(fuel);
  }

  /// `value.name`: an attribute first, then a key.
  Value attribute(Value value, String name) {
    if (value instanceof Value.Undefined undefined) {
      throw new Refusal(undefined.reason());
    }
    return own(value, name)
        .or(() -> subscript(value, Text.of(name)))
        .orElseGet(() -> missing(value, name));
  }

  /// `value[key]`: a key first, then an attribute.
  Value item(Value value, Value key) {
    if (value instanceof Value.Undefined undefined) {
      throw new Refusal(undefined.reason());
    }
    return subscript(value, key)
        .or(() -> key instanceof Text name ? own(value, name.chars()) : Optional.empty())
        .orElseGet(() -> missing(value, PythonText.repr(key, fuel).chars()));
  }

  /// An attribute only, as the filter `attr` looks.
  Value attributeOnly(Value value, String name) {
    if (value instanceof Value.Undefined undefined) {
      throw new Refusal(undefined.reason());
    }
    return own(value, name).orElseGet(() -> missing(value, name));
  }

  private static Value missing(Value value, String name) {
    return new Value.Undefined(
        "'%s' object has no attribute or key '%s'".formatted(PythonText.typeName(value), name));
  }

  private static Value unsafe(Value value, String name) {
    return new Value.Undefined(
        "access to attribute '%s' of '%s' is refused: templates may not change their input or"
                .formatted(name, PythonText.typeName(value))
            + " reach into the host");
  }

  private Optional<Value> own(Value value, String name) {
    if (name.startsWith("__")) {
      return Optional.of(unsafe(value, name));
    }
    return switch (value) {
      case Text text -> strings.find(text, name);
      case DictValue dict ->
          CHANGING_DICT.contains(name)
              ? Optional.of(unsafe(dict, name))
              : collections.ofDict(dict, name);
      case Value.ListValue list ->
          CHANGING_LIST.contains(name)
              ? Optional.of(unsafe(list, name))
              : collections.ofSequence(list, name);
      case Value.TupleValue tuple -> ofTuple(tuple, name);
      case Value.RangeValue range -> ofRange(range, name);
      case NamespaceValue namespace -> namespace.get(name);
      case LoopValue loop -> loop.attribute(name);
      case Value.Int _, Value.Bool _ -> ofInteger(Operators.integer(value).orElseThrow(), name);
      case Value.Real real -> ofReal(real, name);
      case Value.Callable callable ->
          name.equals("name") && callable.printed().isPresent()
              ? Optional.of(Text.of(callable.name()))
              : Optional.empty();
      case Value.Undefined _, Value.None _, Value.ViewValue _, GeneratorValue _ -> Optional.empty();
    };
  }

  private Optional<Value> ofTuple(Value.TupleValue tuple, String name) {
    if (tuple.grouped() && name.equals("grouper")) {
      return Optional.of(tuple.items().getFirst());
    }
    if (tuple.grouped() && name.equals("list")) {
      return Optional.of(tuple.items().getLast());
    }
    return collections.ofSequence(tuple, name);
  }

  private Optional<Value> ofRange(Value.RangeValue range, String name) {
    return switch (name) {
      case "start" -> Optional.of(Value.of(range.start()));
      case "step" -> Optional.of(Value.of(range.step()));
      case "count", "index" -> collections.ofSequence(range, name);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> ofInteger(Value.Int number, String name) {
    return switch (name) {
      case "real", "numerator" -> Optional.of(number);
      case "imag" -> Optional.of(Value.of(0));
      case "denominator" -> Optional.of(Value.of(1));
      case "bit_length" ->
          Optional.of(new Value.Callable(name, _ -> Value.of(number.value().abs().bitLength())));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> ofReal(Value.Real real, String name) {
    return switch (name) {
      case "real" -> Optional.of(real);
      case "imag" -> Optional.of(new Value.Real(0, Text.TEMPLATE));
      case "is_integer" ->
          Optional.of(
              new Value.Callable(
                  name,
                  _ ->
                      Value.of(
                          real.value() == Math.rint(real.value())
                              && Double.isFinite(real.value()))));
      default -> Optional.empty();
    };
  }

  private Optional<Value> subscript(Value value, Value key) {
    return switch (value) {
      case DictValue dict -> isHashable(key) ? dict.get(key) : Optional.empty();
      case Text _, Value.ListValue _, Value.TupleValue _, Value.RangeValue _ ->
          Operators.integer(key)
              .flatMap(index -> Sequences.at(value, Operators.index(index, "index"), fuel));
      default -> Optional.empty();
    };
  }

  private static boolean isHashable(Value key) {
    return switch (key) {
      case Value.ListValue _, DictValue _, Value.ViewValue _ -> false;
      case Value.TupleValue(List<Value> items, boolean _) ->
          items.stream().allMatch(Attributes::isHashable);
      default -> true;
    };
  }
}
