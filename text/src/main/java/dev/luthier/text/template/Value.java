package dev.luthier.text.template;

import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/// All that a template can hold. The set is closed and made of JSON's kinds and Python's few
/// relatives of them: no value leads to an object of the host.
sealed interface Value
    permits Text,
        DictValue,
        GeneratorValue,
        LoopValue,
        NamespaceValue,
        Value.Undefined,
        Value.None,
        Value.Bool,
        Value.Int,
        Value.Real,
        Value.ListValue,
        Value.TupleValue,
        Value.RangeValue,
        Value.ViewValue,
        Value.Callable {

  Value NONE = new None();
  Value TRUE = new Bool(true);
  Value FALSE = new Bool(false);

  static Value of(boolean value) {
    return value ? TRUE : FALSE;
  }

  static Int of(long value) {
    return new Int(BigInteger.valueOf(value), Text.TEMPLATE);
  }

  /// What a missing name or key gives: prints as nothing, fails when used otherwise.
  ///
  /// @param reason what the failure says
  record Undefined(String reason) implements Value {}

  record None() implements Value {}

  record Bool(boolean value) implements Value {}

  /// A whole number of any size.
  ///
  /// @param origin provenance of the digits, as in [Text]
  record Int(BigInteger value, int origin) implements Value {}

  /// A floating point number.
  ///
  /// @param origin provenance of the digits, as in [Text]
  record Real(double value, int origin) implements Value {}

  /// Not copied: whoever builds the list lets go of it.
  record ListValue(List<Value> items) implements Value {}

  /// A tuple; not copied either.
  ///
  /// @param grouped whether `.grouper` and `.list` name its two items, as `groupby` makes them
  record TupleValue(List<Value> items, boolean grouped) implements Value {
    TupleValue(List<Value> items) {
      this(items, false);
    }
  }

  record RangeValue(long start, long step, int size) implements Value {
    Int at(int index) {
      return Value.of(start + step * index);
    }
  }

  /// `d.keys()`, `d.values()` and `d.items()`.
  record ViewValue(Kind kind, DictValue dict) implements Value {
    enum Kind {
      KEYS("dict_keys"),
      VALUES("dict_values"),
      ITEMS("dict_items");

      final String python;

      Kind(String python) {
        this.python = python;
      }
    }

    List<Value> items() {
      return switch (kind) {
        case KEYS -> dict.keys();
        case VALUES -> dict.values();
        case ITEMS -> dict.pairs();
      };
    }
  }

  /// A function, method or macro: our own code, never the host's.
  ///
  /// @param printed how it prints; empty where Python would print an address
  record Callable(String name, Optional<String> printed, Body body) implements Value {
    Callable(String name, Body body) {
      this(name, Optional.empty(), body);
    }

    interface Body {
      Value call(Arguments arguments);
    }
  }
}
