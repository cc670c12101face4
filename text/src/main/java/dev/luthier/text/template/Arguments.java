package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Evaluated arguments of a call.
record Arguments(List<Value> positional, Map<String, Value> keyword) {
  static final Arguments NOTHING = new Arguments(List.of(), Map.of());

  static Arguments of(Value... positional) {
    return new Arguments(List.of(positional), Map.of());
  }

  /// Assigns the arguments to parameter names as Python does.
  Bound bind(String function, String... parameters) {
    if (positional.size() > parameters.length) {
      throw new Refusal(
          "%s() takes at most %d arguments, got %d"
              .formatted(function, parameters.length, positional.size()));
    }
    Map<String, Value> bound = new LinkedHashMap<>();
    for (int i = 0; i < positional.size(); i++) {
      bound.put(parameters[i], positional.get(i));
    }
    List<String> known = List.of(parameters);
    keyword.forEach((name, value) -> {
      if (!known.contains(name)) {
        throw new Refusal("%s() has no argument '%s'".formatted(function, name));
      }
      if (bound.put(name, value) != null) {
        throw new Refusal("%s() got '%s' twice".formatted(function, name));
      }
    });
    return new Bound(function, bound);
  }

  /// Positional arguments only, as Python's built-in methods take them.
  Bound bindPositional(String function, String... parameters) {
    if (!keyword.isEmpty()) {
      throw new Refusal(function + "() takes no keyword arguments");
    }
    return bind(function, parameters);
  }

  Arguments withoutFirst() {
    return new Arguments(positional.subList(1, positional.size()), keyword);
  }

  Arguments with(String name, Value value) {
    Map<String, Value> more = new LinkedHashMap<>(keyword);
    more.put(name, value);
    return new Arguments(new ArrayList<>(positional), more);
  }

  /// Arguments by the names of their parameters.
  record Bound(String function, Map<String, Value> values) {
    Optional<Value> find(String name) {
      return Optional.ofNullable(values.get(name));
    }

    /// The argument unless it is missing or none.
    Optional<Value> some(String name) {
      return find(name).filter(value -> !(value instanceof Value.None));
    }

    Value need(String name) {
      return find(name)
          .orElseThrow(() -> new Refusal("%s() misses '%s'".formatted(function, name)));
    }

    Value get(String name, Value otherwise) {
      return find(name).orElse(otherwise);
    }

    boolean truth(String name) {
      return find(name).map(Operators::truth).orElse(false);
    }

    int integer(String name, int otherwise) {
      return find(name).map(value -> Operators.index(value, function)).orElse(otherwise);
    }

    Text text(String name) {
      Value value = need(name);
      if (value instanceof Text text) {
        return text;
      }
      throw new Refusal(
          "%s() needs a string for '%s', got %s"
              .formatted(function, name, PythonText.typeName(value)));
    }
  }
}
