package dev.luthier.text.template;

import dev.luthier.text.template.Expression.Comparison;
import java.math.BigDecimal;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Python's comparisons of template values: equality, order, membership.
final class Comparisons {
  private final Fuel fuel;

  Comparisons(Fuel fuel) {
    this.fuel = fuel;
  }

  boolean compare(Comparison comparison, Value left, Value right) {
    return switch (comparison) {
      case EQUAL -> equal(left, right);
      case NOT_EQUAL -> !equal(left, right);
      case IN -> contains(right, left);
      case NOT_IN -> !contains(right, left);
      case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL -> ordered(comparison, left, right);
    };
  }

  private boolean ordered(Comparison comparison, Value left, Value right) {
    if (isNan(left) || isNan(right)) {
      return false;
    }
    int order = compare(left, right);
    return switch (comparison) {
      case LESS -> order < 0;
      case LESS_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      default -> order >= 0;
    };
  }

  private static boolean isNan(Value value) {
    return value instanceof Value.Real real && Double.isNaN(real.value());
  }

  boolean equal(Value left, Value right) {
    fuel.step();
    fuel.enter();
    boolean equal =
        switch (left) {
          case Text a -> right instanceof Text b && sameCharacters(a, b);
          case Value.Undefined _ -> right instanceof Value.Undefined;
          case Value.None _ -> right instanceof Value.None;
          case Value.Bool _, Value.Int _, Value.Real _ ->
              Operators.isNumber(right)
                  && !isNan(left)
                  && !isNan(right)
                  && compareNumbers(left, right) == 0;
          case Value.ListValue a ->
              right instanceof Value.ListValue b && equalItems(a.items(), b.items());
          case Value.TupleValue a ->
              right instanceof Value.TupleValue b && equalItems(a.items(), b.items());
          case DictValue a -> right instanceof DictValue b && equalDicts(a, b);
          case Value.RangeValue a -> right instanceof Value.RangeValue b && equalRanges(a, b);
          case Value.ViewValue a -> right instanceof Value.ViewValue b && equalViews(a, b);
          case NamespaceValue _, GeneratorValue _, LoopValue _, Value.Callable _ ->
              left.equals(right);
        };
    fuel.leave();
    return equal;
  }

  private boolean sameCharacters(Text a, Text b) {
    if (a.length() == b.length()) {
      fuel.steps(a.length() / 64);
    }
    return a.equals(b);
  }

  private boolean equalItems(List<Value> a, List<Value> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int i = 0; i < a.size(); i++) {
      if (!equal(a.get(i), b.get(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean equalDicts(DictValue a, DictValue b) {
    if (a.equals(b)) {
      return true;
    }
    if (a.size() != b.size()) {
      return false;
    }
    for (Value key : a.keys()) {
      Optional<Value> other = b.get(key);
      if (other.isEmpty() || !equal(a.get(key).orElseThrow(), other.get())) {
        return false;
      }
    }
    return true;
  }

  private static boolean equalRanges(Value.RangeValue a, Value.RangeValue b) {
    return a.size() == b.size()
        && (a.size() == 0 || (a.start() == b.start() && (a.size() == 1 || a.step() == b.step())));
  }

  private boolean equalViews(Value.ViewValue a, Value.ViewValue b) {
    if (a.kind() != b.kind() || a.kind() == Value.ViewValue.Kind.VALUES) {
      return false;
    }
    boolean keys = a.kind() == Value.ViewValue.Kind.KEYS;
    return keys
        ? a.dict().size() == b.dict().size() && a.dict().keys().stream().allMatch(b.dict()::has)
        : equalDicts(a.dict(), b.dict());
  }

  private static int compareNumbers(Value left, Value right) {
    boolean whole = !(left instanceof Value.Real) && !(right instanceof Value.Real);
    if (whole) {
      return Operators.integer(left)
          .orElseThrow()
          .value()
          .compareTo(Operators.integer(right).orElseThrow().value());
    }
    if (isInfinite(left) || isInfinite(right)) {
      return Double.compare(infinityOrZero(left), infinityOrZero(right));
    }
    return exact(left).compareTo(exact(right));
  }

  private static boolean isInfinite(Value value) {
    return value instanceof Value.Real real && Double.isInfinite(real.value());
  }

  private static double infinityOrZero(Value value) {
    return value instanceof Value.Real real && Double.isInfinite(real.value()) ? real.value() : 0;
  }

  private static BigDecimal exact(Value value) {
    return value instanceof Value.Real real
        ? new BigDecimal(real.value())
        : new BigDecimal(Operators.integer(value).orElseThrow().value());
  }

  /// Python's order; refuses what Python cannot order.
  int compare(Value left, Value right) {
    fuel.step();
    if (Operators.isNumber(left) && Operators.isNumber(right)) {
      return compareNumbers(left, right);
    }
    if (left instanceof Text a && right instanceof Text b) {
      fuel.steps(Math.min(a.length(), b.length()) / 64);
      return compareCodePoints(a.chars(), b.chars());
    }
    if (left instanceof Value.ListValue a && right instanceof Value.ListValue b) {
      return compareItems(a.items(), b.items());
    }
    if (left instanceof Value.TupleValue a && right instanceof Value.TupleValue b) {
      return compareItems(a.items(), b.items());
    }
    throw Operators.unsupported("<", left, right);
  }

  private int compareItems(List<Value> a, List<Value> b) {
    fuel.enter();
    int result = Integer.compare(a.size(), b.size());
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      if (!equal(a.get(i), b.get(i))) {
        result = compare(a.get(i), b.get(i));
        break;
      }
    }
    fuel.leave();
    return result;
  }

  private static int compareCodePoints(String a, String b) {
    int i = 0;
    int end = Math.min(a.length(), b.length());
    while (i < end && a.charAt(i) == b.charAt(i)) {
      i++;
    }
    if (i == end) {
      return Integer.compare(a.length(), b.length());
    }
    boolean surrogates = Character.isSurrogate(a.charAt(i)) && Character.isSurrogate(b.charAt(i));
    int start = surrogates && i > 0 && Character.isHighSurrogate(a.charAt(i - 1)) ? i - 1 : i;
    return Integer.compare(a.codePointAt(start), b.codePointAt(start));
  }

  /// Python's `member in container`.
  boolean contains(Value container, Value member) {
    return switch (container) {
      case Text text -> {
        if (!(member instanceof Text part)) {
          throw new Refusal(
              "'in <string>' needs a string on its left, got " + PythonText.typeName(member));
        }
        fuel.steps(text.length() / 64);
        yield CodePoints.indexOf(text.chars(), part.chars(), 0, fuel) >= 0;
      }
      case DictValue dict -> dict.has(member);
      case Value.ViewValue(Value.ViewValue.Kind kind, DictValue dict)
          when kind == Value.ViewValue.Kind.KEYS ->
          dict.has(member);
      default -> {
        Iterator<Value> each = Sequences.iterate(container, fuel);
        while (each.hasNext()) {
          if (equal(each.next(), member)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }
}
