package dev.luthier.text.template;

import dev.luthier.text.template.Expression.CallArguments;
import dev.luthier.text.template.Expression.FilterCall;
import dev.luthier.text.template.Expression.Keyword;
import dev.luthier.text.template.Expression.Operand;
import dev.luthier.text.template.Expression.Pair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Computes expressions. Remembers the line it works on, for messages.
final class Evaluator {
  private final Fuel fuel;
  private final Operators operators;
  private final Comparisons comparisons;
  private final Attributes attributes;
  private int line = 1;

  Evaluator(Fuel fuel) {
    this.fuel = fuel;
    this.operators = new Operators(fuel);
    this.comparisons = new Comparisons(fuel);
    this.attributes = new Attributes(fuel);
  }

  Fuel fuel() {
    return fuel;
  }

  Comparisons comparisons() {
    return comparisons;
  }

  Operators operators() {
    return operators;
  }

  Attributes attributes() {
    return attributes;
  }

  int line() {
    return line;
  }

  void at(int newLine) {
    this.line = newLine;
  }

  boolean truth(Expression expression, Scope scope) {
    return Operators.truth(evaluate(expression, scope));
  }

  Value evaluate(Expression expression, Scope scope) {
    fuel.step();
    fuel.enter();
    Value value =
        switch (expression) {
          case Expression.Literal literal -> literal.value();
          case Expression.Name name -> name(name.name(), scope);
          case Expression.Concat concat -> concat(concat.parts(), scope);
          case Expression.Binary binary -> binary(binary, scope);
          case Expression.Negative negative ->
              operators.negative(evaluate(negative.operand(), scope));
          case Expression.Positive positive ->
              operators.positive(evaluate(positive.operand(), scope));
          case Expression.Not not -> Value.of(!truth(not.operand(), scope));
          case Expression.And and -> {
            Value left = evaluate(and.left(), scope);
            yield Operators.truth(left) ? evaluate(and.right(), scope) : left;
          }
          case Expression.Or or -> {
            Value left = evaluate(or.left(), scope);
            yield Operators.truth(left) ? left : evaluate(or.right(), scope);
          }
          case Expression.Compare compare -> compare(compare, scope);
          case Expression.Conditional conditional -> conditional(conditional, scope);
          case Expression.ListLiteral list -> new Value.ListValue(all(list.items(), scope));
          case Expression.TupleLiteral tuple -> new Value.TupleValue(all(tuple.items(), scope));
          case Expression.DictLiteral dict -> dict(dict.pairs(), scope);
          case Expression.Attribute attribute -> attribute(attribute, scope);
          case Expression.Item item -> item(item, scope);
          case Expression.Slice slice -> slice(slice, scope);
          case Expression.Call call -> call(call, scope);
          case Expression.Filtered filtered ->
              filter(evaluate(filtered.target(), scope), filtered.filter(), scope);
          case Expression.Tested tested -> tested(tested, scope);
        };
    fuel.leave();
    return value;
  }

  private static Value name(String name, Scope scope) {
    return scope.find(name).orElseGet(() -> new Value.Undefined("'" + name + "' is undefined"));
  }

  private Value concat(List<Expression> parts, Scope scope) {
    TextBuilder joined = new TextBuilder(fuel);
    for (Value part : all(parts, scope)) {
      joined.append(PythonText.str(part, fuel));
    }
    return joined.build();
  }

  private Value binary(Expression.Binary binary, Scope scope) {
    Value left = evaluate(binary.left(), scope);
    Value right = evaluate(binary.right(), scope);
    line = binary.line();
    return operators.binary(binary.operator(), left, right);
  }

  private Value compare(Expression.Compare compare, Scope scope) {
    Value left = evaluate(compare.first(), scope);
    for (Operand operand : compare.rest()) {
      Value right = evaluate(operand.expression(), scope);
      line = compare.line();
      if (!comparisons.compare(operand.comparison(), left, right)) {
        return Value.FALSE;
      }
      left = right;
    }
    return Value.TRUE;
  }

  private Value conditional(Expression.Conditional conditional, Scope scope) {
    if (truth(conditional.test(), scope)) {
      return evaluate(conditional.then(), scope);
    }
    Optional<Expression> otherwise = conditional.otherwise();
    return otherwise.isPresent()
        ? evaluate(otherwise.get(), scope)
        : new Value.Undefined("an inline 'if' was false and has no 'else'");
  }

  private List<Value> all(List<Expression> expressions, Scope scope) {
    List<Value> values = new ArrayList<>(expressions.size());
    for (Expression expression : expressions) {
      values.add(evaluate(expression, scope));
    }
    return values;
  }

  private Value dict(List<Pair> pairs, Scope scope) {
    DictValue dict = new DictValue();
    for (Pair pair : pairs) {
      dict.put(evaluate(pair.key(), scope), evaluate(pair.value(), scope));
    }
    return dict;
  }

  private Value attribute(Expression.Attribute attribute, Scope scope) {
    Value target = evaluate(attribute.target(), scope);
    line = attribute.line();
    return attributes.attribute(target, attribute.name());
  }

  private Value item(Expression.Item item, Scope scope) {
    Value target = evaluate(item.target(), scope);
    Value key = evaluate(item.key(), scope);
    line = item.line();
    return attributes.item(target, key);
  }

  private Value slice(Expression.Slice slice, Scope scope) {
    Value target = evaluate(slice.target(), scope);
    Value from = bound(slice.from(), scope);
    Value to = bound(slice.to(), scope);
    Value step = bound(slice.step(), scope);
    line = slice.line();
    return Sequences.slice(target, from, to, step, fuel);
  }

  private Value bound(Optional<Expression> bound, Scope scope) {
    return bound.isPresent() ? evaluate(bound.get(), scope) : Value.NONE;
  }

  private Value call(Expression.Call call, Scope scope) {
    Value target = evaluate(call.target(), scope);
    return call(target, arguments(call.arguments(), scope), call.line());
  }

  Value call(Value target, Arguments arguments, int callLine) {
    line = callLine;
    Value result =
        switch (target) {
          case Value.Callable callable -> callable.body().call(arguments);
          case LoopValue loop -> loop.call(arguments);
          case Value.Undefined undefined -> throw new Refusal(undefined.reason());
          default ->
              throw new Refusal(
                  "a value of type '%s' cannot be called".formatted(PythonText.typeName(target)));
        };
    line = callLine;
    return result;
  }

  Arguments arguments(CallArguments written, Scope scope) {
    List<Value> positional = all(written.positional(), scope);
    Map<String, Value> keyword = new LinkedHashMap<>();
    for (Keyword named : written.keyword()) {
      add(keyword, named.name(), evaluate(named.value(), scope));
    }
    if (written.spreadList().isPresent()) {
      positional.addAll(Sequences.list(evaluate(written.spreadList().get(), scope), fuel));
    }
    if (written.spreadDict().isPresent()) {
      Value spread = evaluate(written.spreadDict().get(), scope);
      keywords(spread, "** needs a dict of names").forEach((n, v) -> add(keyword, n, v));
    }
    return new Arguments(positional, keyword);
  }

  private static void add(Map<String, Value> keyword, String name, Value value) {
    if (keyword.put(name, value) != null) {
      throw new Refusal("argument '" + name + "' is given twice");
    }
  }

  /// A dict with keys of text as named arguments.
  static Map<String, Value> keywords(Value value, String otherwise) {
    if (!(value instanceof DictValue dict)) {
      throw new Refusal(otherwise + ", got " + PythonText.typeName(value));
    }
    Map<String, Value> keywords = new LinkedHashMap<>();
    for (Value key : dict.keys()) {
      if (!(key instanceof Text name)) {
        throw new Refusal(otherwise);
      }
      keywords.put(name.chars(), dict.get(key).orElseThrow());
    }
    return keywords;
  }

  Value filter(Value subject, FilterCall filter, Scope scope) {
    Arguments arguments = arguments(filter.arguments(), scope);
    line = filter.line();
    return filter(filter.name(), subject, arguments);
  }

  Value filter(String name, Value subject, Arguments arguments) {
    fuel.step();
    return Filters.find(name)
        .orElseThrow(() -> new Refusal("there is no filter '" + name + "' in chat templates"))
        .apply(subject, arguments, this);
  }

  private Value tested(Expression.Tested tested, Scope scope) {
    Value subject = evaluate(tested.target(), scope);
    Arguments arguments = arguments(tested.arguments(), scope);
    line = tested.line();
    return Value.of(test(tested.test(), subject, arguments));
  }

  boolean test(String name, Value subject, Arguments arguments) {
    fuel.step();
    return Tests.find(name)
        .orElseThrow(() -> new Refusal("there is no test '" + name + "' in chat templates"))
        .holds(subject, arguments, this);
  }
}
