package dev.luthier.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Python's dict: keeps the order of insertion, and 1, 1.0 and true are one key.
final class DictValue implements Value {
  private record Entry(Value key, Value value) {}

  private final Map<Object, Entry> entries = new LinkedHashMap<>();

  /// A later value of an equal key replaces the value, not the key.
  void put(Value key, Value value) {
    entries.merge(
        hashed(key), new Entry(key, value), (old, now) -> new Entry(old.key(), now.value()));
  }

  Optional<Value> get(Value key) {
    return Optional.ofNullable(entries.get(hashed(key))).map(Entry::value);
  }

  Optional<Value> get(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  boolean has(Value key) {
    return entries.containsKey(hashed(key));
  }

  int size() {
    return entries.size();
  }

  List<Value> keys() {
    return new ArrayList<>(entries.values().stream().map(Entry::key).toList());
  }

  List<Value> values() {
    return new ArrayList<>(entries.values().stream().map(Entry::value).toList());
  }

  List<Value> pairs() {
    List<Value> pairs = new ArrayList<>(entries.size());
    for (Entry entry : entries.values()) {
      pairs.add(new TupleValue(List.of(entry.key(), entry.value())));
    }
    return pairs;
  }

  /// What stands for a value in a hash table: equal for equal values.
  static Object hashed(Value value) {
    return switch (value) {
      case Text text -> text.chars();
      case Int number -> number.value();
      case Bool bool -> bool.value() ? BigInteger.ONE : BigInteger.ZERO;
      case Real real -> hashed(real.value());
      case None _, Undefined _ -> value.getClass();
      case TupleValue tuple -> tuple.items().stream().map(DictValue::hashed).toList();
      case RangeValue range -> range;
      case GeneratorValue _, LoopValue _, NamespaceValue _, Callable _ -> value;
      case ListValue _, DictValue _, ViewValue _ ->
          throw new Refusal("unhashable type: '" + PythonText.typeName(value) + "'");
    };
  }

  private static Object hashed(double value) {
    boolean whole = Double.isFinite(value) && value == Math.rint(value);
    return whole ? new BigDecimal(value).toBigInteger() : (Object) value;
  }
}
