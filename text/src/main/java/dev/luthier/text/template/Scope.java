package dev.luthier.text.template;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Names visible at one place: a loop, macro or block sees outer names and keeps its own.
final class Scope {
  private final @Nullable Scope outer;
  private final Map<String, Value> names = new HashMap<>();

  private Scope(@Nullable Scope outer) {
    this.outer = outer;
  }

  static Scope outermost() {
    return new Scope(null);
  }

  Scope inner() {
    return new Scope(this);
  }

  void set(String name, Value value) {
    names.put(name, value);
  }

  Optional<Value> find(String name) {
    for (Scope scope = this; scope != null; scope = scope.outer) {
      Value value = scope.names.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }
}
