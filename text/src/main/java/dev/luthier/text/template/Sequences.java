package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalInt;

/// Python's protocols of iteration, length and slicing.
final class Sequences {
  private Sequences() {}

  static boolean isIterable(Value value) {
    return switch (value) {
      case Text _,
          Value.Undefined _,
          Value.ListValue _,
          Value.TupleValue _,
          DictValue _,
          Value.RangeValue _,
          Value.ViewValue _,
          GeneratorValue _,
          LoopValue _ ->
          true;
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          NamespaceValue _,
          Value.Callable _ ->
          false;
    };
  }

  /// The elements, each paid for with a step.
  static Iterator<Value> iterate(Value value, Fuel fuel) {
    Iterator<Value> elements =
        switch (value) {
          case Text text -> characters(text);
          case Value.Undefined _ -> Collections.emptyIterator();
          case Value.ListValue list -> list.items().iterator();
          case Value.TupleValue tuple -> tuple.items().iterator();
          case DictValue dict -> dict.keys().iterator();
          case Value.RangeValue range -> counted(range);
          case Value.ViewValue view -> view.items().iterator();
          case GeneratorValue generator -> generator.elements();
          case LoopValue _ -> throw new Refusal("the loop variable cannot be looped over");
          case Value.None _,
              Value.Bool _,
              Value.Int _,
              Value.Real _,
              NamespaceValue _,
              Value.Callable _ ->
              throw new Refusal(
                  "'%s' object is not iterable".formatted(PythonText.typeName(value)));
        };
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return elements.hasNext();
      }

      @Override
      public Value next() {
        fuel.step();
        return elements.next();
      }
    };
  }

  static List<Value> list(Value value, Fuel fuel) {
    List<Value> list = new ArrayList<>();
    iterate(value, fuel).forEachRemaining(list::add);
    return list;
  }

  private static Iterator<Value> counted(Value.RangeValue range) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < range.size();
      }

      @Override
      public Value next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        return range.at(next++);
      }
    };
  }

  private static Iterator<Value> characters(Text text) {
    return new Iterator<>() {
      private int next;

      @Override
      public boolean hasNext() {
        return next < text.length();
      }

      @Override
      public Value next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        int from = next;
        next += Character.charCount(text.chars().codePointAt(from));
        return text.substring(from, next).plain();
      }
    };
  }

  /// Python's `len`, empty where there is none.
  static OptionalInt length(Value value) {
    return switch (value) {
      case Text text -> OptionalInt.of(CodePoints.length(text.chars()));
      case Value.Undefined _ -> OptionalInt.of(0);
      case Value.ListValue list -> OptionalInt.of(list.items().size());
      case Value.TupleValue tuple -> OptionalInt.of(tuple.items().size());
      case DictValue dict -> OptionalInt.of(dict.size());
      case Value.RangeValue range -> OptionalInt.of(range.size());
      case Value.ViewValue view -> OptionalInt.of(view.dict().size());
      case LoopValue loop -> OptionalInt.of(loop.length());
      case Value.None _,
          Value.Bool _,
          Value.Int _,
          Value.Real _,
          NamespaceValue _,
          GeneratorValue _,
          Value.Callable _ ->
          OptionalInt.empty();
    };
  }

  /// The element at an index that counts from the end when negative.
  static Optional<Value> at(Value sequence, int index, Fuel fuel) {
    int length = length(sequence).orElse(0);
    long position = index < 0 ? (long) index + length : index;
    if (position < 0 || position >= length) {
      return Optional.empty();
    }
    int i = (int) position;
    return switch (sequence) {
      case Text text -> {
        fuel.steps(text.length() / 64);
        int from = CodePoints.offset(text.chars(), i);
        int to = text.chars().offsetByCodePoints(from, 1);
        yield Optional.of(text.substring(from, to));
      }
      case Value.ListValue list -> Optional.of(list.items().get(i));
      case Value.TupleValue tuple -> Optional.of(tuple.items().get(i));
      case Value.RangeValue range -> Optional.of(range.at(i));
      default -> Optional.empty();
    };
  }

  /// Python's `sequence[from:to:step]`.
  static Value slice(Value sequence, Value from, Value to, Value step, Fuel fuel) {
    return switch (sequence) {
      case Text text -> slice(text, from, to, step, fuel);
      case Value.ListValue list -> new Value.ListValue(slice(list.items(), from, to, step, fuel));
      case Value.TupleValue tuple ->
          new Value.TupleValue(slice(tuple.items(), from, to, step, fuel));
      case Value.RangeValue range -> {
        Bounds bounds = Bounds.of(range.size(), from, to, step);
        long start = range.start() + (long) bounds.start * range.step();
        yield new Value.RangeValue(start, range.step() * bounds.step, bounds.count);
      }
      case Value.Undefined undefined -> throw new Refusal(undefined.reason());
      default ->
          throw new Refusal(
              "a value of type '%s' cannot be sliced".formatted(PythonText.typeName(sequence)));
    };
  }

  private static Text slice(Text text, Value from, Value to, Value step, Fuel fuel) {
    String s = text.chars();
    fuel.steps(s.length() / 64);
    Bounds bounds = Bounds.of(CodePoints.length(s), from, to, step);
    if (bounds.count == 0) {
      return text.substring(0, 0);
    }
    if (bounds.step == 1) {
      int start = CodePoints.offset(s, bounds.start);
      return text.substring(start, s.offsetByCodePoints(start, bounds.count));
    }
    int[] offsets = new int[CodePoints.length(s) + 1];
    for (int i = 0, at = 0; i < offsets.length - 1; i++) {
      offsets[i] = at;
      at += Character.charCount(s.codePointAt(at));
      offsets[i + 1] = at;
    }
    TextBuilder builder = new TextBuilder(fuel);
    for (int i = 0; i < bounds.count; i++) {
      int position = bounds.start + i * bounds.step;
      builder.append(text, offsets[position], offsets[position + 1]);
    }
    return builder.build().markedLike(text);
  }

  private static List<Value> slice(List<Value> items, Value from, Value to, Value step, Fuel fuel) {
    Bounds bounds = Bounds.of(items.size(), from, to, step);
    fuel.steps(bounds.count);
    List<Value> slice = new ArrayList<>(bounds.count);
    for (int i = 0; i < bounds.count; i++) {
      slice.add(items.get(bounds.start + i * bounds.step));
    }
    return slice;
  }

  /// Which elements a slice takes, as `slice.indices` computes it.
  private record Bounds(int start, int step, int count) {
    static Bounds of(int length, Value from, Value to, Value step) {
      int by = step instanceof Value.None ? 1 : Operators.index(step, "slice step");
      if (by == 0) {
        throw new Refusal("slice step cannot be zero");
      }
      int low = by > 0 ? 0 : -1;
      int high = by > 0 ? length : length - 1;
      long start = bound(from, by > 0 ? low : high, length, low, high);
      long end = bound(to, by > 0 ? high : low, length, low, high);
      long count = by > 0 ? (end - start + by - 1L) / by : (end - start + by + 1L) / by;
      boolean empty = by > 0 ? start >= end : start <= end;
      return empty ? new Bounds(0, 1, 0) : new Bounds((int) start, by, (int) count);
    }

    private static long bound(Value given, long otherwise, int length, int low, int high) {
      if (given instanceof Value.None) {
        return otherwise;
      }
      long index = Operators.index(given, "slice bound");
      return Math.clamp(index < 0 ? index + length : index, low, high);
    }
  }
}
