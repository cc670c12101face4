package dev.luthier.text.template;

import java.util.Iterator;

/// What `map`, `select` and their like give: elements made on demand, once. It has no length.
final class GeneratorValue implements Value {
  private final Iterator<Value> elements;

  GeneratorValue(Iterator<Value> elements) {
    this.elements = elements;
  }

  Iterator<Value> elements() {
    return elements;
  }
}
