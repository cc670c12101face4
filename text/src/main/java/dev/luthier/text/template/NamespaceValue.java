package dev.luthier.text.template;

import java.util.Optional;

/// `namespace(...)`: the one thing a template may change. Names with a leading underscore are
/// refused, as transformers refuses them.
final class NamespaceValue implements Value {
  private final DictValue attributes = new DictValue();

  void set(String name, Value value) {
    if (name.startsWith("_")) {
      throw new Refusal(
          "a namespace cannot hold '%s': names beginning with an underscore are refused; rename it"
              .formatted(name));
    }
    attributes.put(Text.of(name), value);
  }

  Optional<Value> get(String name) {
    return attributes.get(name);
  }

  DictValue attributes() {
    return attributes;
  }
}
