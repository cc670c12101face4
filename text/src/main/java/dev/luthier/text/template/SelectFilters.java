package dev.luthier.text.template;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Filters that choose or change elements one by one, on demand.
final class SelectFilters {
  private SelectFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("map", SelectFilters::map);
    filters.put("select", (value, args, e) -> select(value, args, e, false, true));
    filters.put("reject", (value, args, e) -> select(value, args, e, false, false));
    filters.put("selectattr", (value, args, e) -> select(value, args, e, true, true));
    filters.put("rejectattr", (value, args, e) -> select(value, args, e, true, false));
    filters.put("unique", SelectFilters::unique);
  }

  private static Value map(Value value, Arguments arguments, Evaluator evaluator) {
    return lazily(() -> {
      if (!Operators.truth(value)) {
        return List.<Value>of().iterator();
      }
      Function<Value, Value> change = change(arguments, evaluator);
      Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
      return new Iterator<Value>() {
        @Override
        public boolean hasNext() {
          return each.hasNext();
        }

        @Override
        public Value next() {
          return change.apply(each.next());
        }
      };
    });
  }

  private static Function<Value, Value> change(Arguments arguments, Evaluator evaluator) {
    if (arguments.positional().isEmpty() && arguments.keyword().containsKey("attribute")) {
      Arguments.Bound bound = arguments.bind("map", "attribute", "default");
      return path(bound.need("attribute"), bound.some("default"), evaluator);
    }
    if (arguments.positional().isEmpty()) {
      throw new Refusal("map() needs the name of a filter or attribute=");
    }
    String filter = name(arguments.positional().getFirst(), "filter");
    Arguments rest = arguments.withoutFirst();
    return item -> evaluator.filter(filter, item, rest);
  }

  private static String name(Value value, String what) {
    if (value instanceof Text text) {
      return text.chars();
    }
    throw new Refusal("the name of a " + what + " is text, not " + PythonText.typeName(value));
  }

  private static Value select(
      Value value, Arguments arguments, Evaluator evaluator, boolean byAttribute, boolean wanted) {
    return lazily(() -> {
      if (!Operators.truth(value)) {
        return List.<Value>of().iterator();
      }
      Predicate<Value> chosen = predicate(arguments, evaluator, byAttribute);
      Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
      return new Selected(each, item -> chosen.test(item) == wanted);
    });
  }

  private static Predicate<Value> predicate(
      Arguments arguments, Evaluator evaluator, boolean byAttribute) {
    Arguments rest = arguments;
    Function<Value, Value> subject = Function.identity();
    if (byAttribute) {
      if (rest.positional().isEmpty()) {
        throw new Refusal("selectattr() and rejectattr() need the name of an attribute");
      }
      subject = path(rest.positional().getFirst(), Optional.empty(), evaluator);
      rest = rest.withoutFirst();
    }
    Function<Value, Value> tested = subject;
    if (rest.positional().isEmpty()) {
      return item -> Operators.truth(tested.apply(item));
    }
    String test = name(rest.positional().getFirst(), "test");
    Arguments testArguments = rest.withoutFirst();
    return item -> evaluator.test(test, tested.apply(item), testArguments);
  }

  /// Follows `a.b.0` through an element.
  static Function<Value, Value> path(
      Value attribute, Optional<Value> otherwise, Evaluator evaluator) {
    List<Value> steps = steps(attribute);
    return item -> {
      Value found = item;
      for (Value step : steps) {
        found = evaluator.attributes().item(found, step);
        if (found instanceof Value.Undefined && otherwise.isPresent()) {
          found = otherwise.get();
        }
      }
      return found;
    };
  }

  static List<Value> steps(Value attribute) {
    if (!(attribute instanceof Text text)) {
      return List.of(attribute);
    }
    List<Value> steps = new ArrayList<>();
    for (String step : text.chars().split("\\.", -1)) {
      boolean number = !step.isEmpty() && step.chars().allMatch(c -> c >= '0' && c <= '9');
      steps.add(number ? new Value.Int(new BigInteger(step), Text.TEMPLATE) : Text.of(step));
    }
    return steps;
  }

  private static Value unique(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("unique", "case_sensitive", "attribute");
    Function<Value, Value> key =
        bound
            .some("attribute")
            .map(attribute -> path(attribute, Optional.empty(), evaluator))
            .orElse(Function.identity());
    boolean exact = bound.truth("case_sensitive");
    return lazily(() -> {
      Set<Object> seen = new HashSet<>();
      Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
      return new Selected(each, item -> seen.add(DictValue.hashed(folded(key.apply(item), exact))));
    });
  }

  /// What is compared: text without its case unless that counts.
  static Value folded(Value value, boolean caseSensitive) {
    return !caseSensitive && value instanceof Text text
        ? text.with(Casing.lower(text.chars()))
        : value;
  }

  /// Opens the elements when they are first asked for.
  interface Source {
    Iterator<Value> open();
  }

  /// Generators of Python do nothing, and fail at nothing, until they are first asked.
  static GeneratorValue lazily(Source source) {
    return new GeneratorValue(
        new Iterator<>() {
          private Optional<Iterator<Value>> opened = Optional.empty();

          private Iterator<Value> elements() {
            if (opened.isEmpty()) {
              opened = Optional.of(source.open());
            }
            return opened.get();
          }

          @Override
          public boolean hasNext() {
            return elements().hasNext();
          }

          @Override
          public Value next() {
            return elements().next();
          }
        });
  }

  /// Elements that pass a test.
  static final class Selected implements Iterator<Value> {
    private final Iterator<Value> each;
    private final Predicate<Value> test;
    private Optional<Value> ready = Optional.empty();

    Selected(Iterator<Value> each, Predicate<Value> test) {
      this.each = each;
      this.test = test;
    }

    @Override
    public boolean hasNext() {
      while (ready.isEmpty() && each.hasNext()) {
        ready = Optional.of(each.next()).filter(test);
      }
      return ready.isPresent();
    }

    @Override
    public Value next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Value value = ready.orElseThrow();
      ready = Optional.empty();
      return value;
    }
  }
}
