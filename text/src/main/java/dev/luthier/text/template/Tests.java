package dev.luthier.text.template;

import dev.luthier.text.template.Expression.Comparison;
import dev.luthier.text.template.Expression.Operator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What may stand behind `is`.
final class Tests {
  interface Test {
    boolean holds(Value subject, Arguments arguments, Evaluator evaluator);
  }

  private interface Plain {
    boolean holds(Value subject);
  }

  private static final Map<String, Test> TESTS = tests();

  private Tests() {}

  static Optional<Test> find(String name) {
    return Optional.ofNullable(TESTS.get(name));
  }

  private static Map<String, Test> tests() {
    Map<String, Test> tests = new HashMap<>();
    kinds(tests);
    comparisons(tests);
    tests.put("odd", (value, arguments, evaluator) -> modulo(value, 2, arguments, evaluator) == 1);
    tests.put("even", (value, arguments, evaluator) -> modulo(value, 2, arguments, evaluator) == 0);
    tests.put(
        "divisibleby",
        (value, arguments, evaluator) -> {
          Value divisor = arguments.bind("divisibleby", "num").need("num");
          return isZero(evaluator.operators().binary(Operator.MODULO, value, divisor));
        });
    tests.put(
        "sameas",
        (value, arguments, _) -> same(value, arguments.bind("sameas", "other").need("other")));
    plain(tests, "filter", value -> Filters.find(hashedName(value)).isPresent());
    plain(tests, "test", value -> Tests.find(hashedName(value)).isPresent());
    tests.put("lower", (value, _, evaluator) -> Casing.isLower(str(value, evaluator)));
    tests.put("upper", (value, _, evaluator) -> Casing.isUpper(str(value, evaluator)));
    return Map.copyOf(tests);
  }

  private static void kinds(Map<String, Test> tests) {
    plain(tests, "defined", value -> !(value instanceof Value.Undefined));
    plain(tests, "undefined", value -> value instanceof Value.Undefined);
    plain(tests, "none", value -> value instanceof Value.None);
    plain(tests, "boolean", value -> value instanceof Value.Bool);
    plain(tests, "true", Value.TRUE::equals);
    plain(tests, "false", Value.FALSE::equals);
    plain(tests, "integer", value -> value instanceof Value.Int);
    plain(tests, "float", value -> value instanceof Value.Real);
    plain(tests, "number", value -> isNumber(value));
    plain(tests, "string", value -> value instanceof Text);
    plain(tests, "mapping", value -> value instanceof DictValue);
    plain(tests, "sequence", value -> isSequence(value));
    plain(tests, "iterable", Sequences::isIterable);
    plain(tests, "callable", value -> isCallable(value));
    plain(tests, "escaped", value -> value instanceof Text text && text.isMarkup());
  }

  private static void comparisons(Map<String, Test> tests) {
    compare(tests, Comparison.EQUAL, "==", "eq", "equalto");
    compare(tests, Comparison.NOT_EQUAL, "!=", "ne");
    compare(tests, Comparison.GREATER, ">", "gt", "greaterthan");
    compare(tests, Comparison.GREATER_EQUAL, ">=", "ge");
    compare(tests, Comparison.LESS, "<", "lt", "lessthan");
    compare(tests, Comparison.LESS_EQUAL, "<=", "le");
    compare(tests, Comparison.IN, "in");
  }

  private static void plain(Map<String, Test> tests, String name, Plain test) {
    tests.put(
        name,
        (value, arguments, _) -> {
          arguments.bind(name);
          return test.holds(value);
        });
  }

  private static void compare(Map<String, Test> tests, Comparison comparison, String... names) {
    for (String name : names) {
      tests.put(
          name,
          (value, arguments, evaluator) -> {
            Value other = arguments.bindPositional(name, "other").need("other");
            return evaluator.comparisons().compare(comparison, value, other);
          });
    }
  }

  private static double modulo(Value value, int divisor, Arguments arguments, Evaluator evaluator) {
    arguments.bind("odd and even");
    Value rest = evaluator.operators().binary(Operator.MODULO, value, Value.of(divisor));
    return Operators.real(rest).map(Value.Real::value).orElse(-1.0);
  }

  private static boolean isZero(Value value) {
    return Operators.real(value).map(real -> real.value() == 0).orElse(false);
  }

  private static boolean isNumber(Value value) {
    return value instanceof Value.Int || value instanceof Value.Real || value instanceof Value.Bool;
  }

  private static boolean isSequence(Value value) {
    return switch (value) {
      case Text _,
          Value.ListValue _,
          Value.TupleValue _,
          DictValue _,
          Value.RangeValue _,
          Value.Undefined _ ->
          true;
      default -> false;
    };
  }

  private static boolean isCallable(Value value) {
    return value instanceof Value.Callable
        || value instanceof LoopValue
        || value instanceof Value.Undefined;
  }

  /// Identity as far as it can be told here: values without identity of their own are compared.
  @SuppressWarnings("ReferenceEquality") // identity is what the test asks for
  private static boolean same(Value value, Value other) {
    return switch (value) {
      case Value.None _, Value.Bool _, Text _ -> value.equals(other);
      case Value.Int(var number, int _) ->
          other instanceof Value.Int(var otherNumber, int _) && number.equals(otherNumber);
      default -> value == other;
    };
  }

  private static String hashedName(Value value) {
    return DictValue.hashed(value) instanceof String name ? name : "";
  }

  private static String str(Value value, Evaluator evaluator) {
    return PythonText.str(value, evaluator.fuel()).chars();
  }
}
