package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Filters of whole sequences.
final class ListFilters {
  private ListFilters() {}

  static void addTo(Map<String, Filters.Filter> filters) {
    filters.put("default", ListFilters::otherwise);
    filters.put("d", ListFilters::otherwise);
    filters.put(
        "list",
        (value, args, e) -> {
          args.bind("list");
          return new Value.ListValue(Sequences.list(value, e.fuel()));
        });
    filters.put("length", (value, args, _) -> length(value, args));
    filters.put("count", (value, args, _) -> length(value, args));
    filters.put("first", (value, args, e) -> first(value, args, e));
    filters.put("last", ListFilters::last);
    filters.put("join", ListFilters::join);
    filters.put("reverse", ListFilters::reverse);
    filters.put("items", ListFilters::items);
    filters.put("dictsort", ListFilters::dictSort);
    filters.put("sort", ListFilters::sort);
    filters.put("groupby", ListFilters::groupBy);
    filters.put("batch", ListFilters::batch);
    filters.put("slice", ListFilters::slice);
    filters.put(
        "attr",
        (value, args, e) ->
            e.attributes().attributeOnly(value, args.bind("attr", "name").text("name").chars()));
  }

  private static Value otherwise(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("default", "default_value", "boolean");
    boolean missing =
        value instanceof Value.Undefined || (bound.truth("boolean") && !Operators.truth(value));
    return missing ? bound.get("default_value", Text.EMPTY) : value;
  }

  private static Value length(Value value, Arguments arguments) {
    arguments.bind("length");
    return Value.of(
        Sequences.length(value)
            .orElseThrow(() ->
                new Refusal(
                    "a value of type '%s' has no length".formatted(PythonText.typeName(value)))));
  }

  private static Value first(Value value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("first");
    Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
    return each.hasNext()
        ? each.next()
        : new Value.Undefined("no first item, the sequence is empty");
  }

  private static Value last(Value value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("last");
    if (!isReversible(value)) {
      throw new Refusal(
          "a value of type '%s' has no last item; make it a list first: | list"
              .formatted(PythonText.typeName(value)));
    }
    List<Value> items = Sequences.list(value, evaluator.fuel());
    return items.isEmpty()
        ? new Value.Undefined("no last item, the sequence is empty")
        : items.getLast();
  }

  private static boolean isReversible(Value value) {
    return Sequences.isIterable(value)
        && !(value instanceof GeneratorValue)
        && !(value instanceof LoopValue);
  }

  private static Value join(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("join", "d", "attribute");
    Text separator = TextFilters.str(bound.get("d", Text.EMPTY), evaluator);
    Function<Value, Value> part =
        bound
            .some("attribute")
            .map(attribute -> SelectFilters.path(attribute, Optional.empty(), evaluator))
            .orElse(Function.identity());
    TextBuilder joined = new TextBuilder(evaluator.fuel());
    Iterator<Value> each = Sequences.iterate(value, evaluator.fuel());
    for (boolean first = true; each.hasNext(); first = false) {
      joined.append(first ? Text.EMPTY : separator);
      joined.append(TextFilters.str(part.apply(each.next()), evaluator));
    }
    return joined.build();
  }

  private static Value reverse(Value value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("reverse");
    if (value instanceof Text) {
      return Sequences.slice(value, Value.NONE, Value.NONE, Value.of(-1), evaluator.fuel());
    }
    if (!isReversible(value) && !(value instanceof GeneratorValue)) {
      throw new Refusal("reverse needs a sequence, got " + PythonText.typeName(value));
    }
    List<Value> items = Sequences.list(value, evaluator.fuel());
    Collections.reverse(items);
    return value instanceof GeneratorValue
        ? new Value.ListValue(items)
        : new GeneratorValue(items.iterator());
  }

  private static Value items(Value value, Arguments arguments, Evaluator evaluator) {
    arguments.bind("items");
    return SelectFilters.lazily(() -> {
      if (value instanceof Value.Undefined) {
        return Collections.emptyIterator();
      }
      if (value instanceof DictValue dict) {
        return Sequences.iterate(new Value.ListValue(dict.pairs()), evaluator.fuel());
      }
      throw new Refusal("items needs a mapping, got " + PythonText.typeName(value));
    });
  }

  private static Value dictSort(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive", "by", "reverse");
    String by = bound.get("by", Text.of("key")) instanceof Text text ? text.chars() : "";
    if (!by.equals("key") && !by.equals("value")) {
      throw new Refusal("dictsort() sorts by 'key' or by 'value'");
    }
    if (!(value instanceof DictValue dict)) {
      throw value instanceof Value.Undefined undefined
          ? new Refusal(undefined.reason())
          : new Refusal("dictsort needs a mapping, got " + PythonText.typeName(value));
    }
    int position = by.equals("key") ? 0 : 1;
    boolean exact = bound.truth("case_sensitive");
    Function<Value, Value> key =
        pair -> SelectFilters.folded(((Value.TupleValue) pair).items().get(position), exact);
    return sorted(dict.pairs(), key, bound.truth("reverse"), evaluator);
  }

  private static Value sort(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("sort", "reverse", "case_sensitive", "attribute");
    boolean exact = bound.truth("case_sensitive");
    Function<Value, Value> key = keys(bound.some("attribute"), exact, evaluator);
    List<Value> items = Sequences.list(value, evaluator.fuel());
    return sorted(items, key, bound.truth("reverse"), evaluator);
  }

  /// The values an element is sorted by: itself, or those at `a.b,c`.
  private static Function<Value, Value> keys(
      Optional<Value> attribute, boolean caseSensitive, Evaluator evaluator) {
    if (attribute.isEmpty()) {
      return item -> SelectFilters.folded(item, caseSensitive);
    }
    List<Function<Value, Value>> paths = new ArrayList<>();
    if (attribute.get() instanceof Text names) {
      for (String name : names.chars().split(",", -1)) {
        paths.add(SelectFilters.path(Text.of(name), Optional.empty(), evaluator));
      }
    } else {
      paths.add(SelectFilters.path(attribute.get(), Optional.empty(), evaluator));
    }
    return item -> {
      List<Value> keys = new ArrayList<>();
      for (Function<Value, Value> path : paths) {
        keys.add(SelectFilters.folded(path.apply(item), caseSensitive));
      }
      return new Value.ListValue(keys);
    };
  }

  private static Value.ListValue sorted(
      List<Value> items, Function<Value, Value> key, boolean reverse, Evaluator evaluator) {
    record Keyed(Value key, Value item) {}
    Comparator<Keyed> order = (a, b) -> evaluator.comparisons().compare(a.key(), b.key());
    List<Keyed> keyed = new ArrayList<>();
    for (Value item : items) {
      keyed.add(new Keyed(key.apply(item), item));
    }
    keyed.sort(reverse ? order.reversed() : order);
    return new Value.ListValue(new ArrayList<>(keyed.stream().map(Keyed::item).toList()));
  }

  private static Value groupBy(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("groupby", "attribute", "default", "case_sensitive");
    boolean exact = bound.truth("case_sensitive");
    Function<Value, Value> path =
        SelectFilters.path(bound.need("attribute"), bound.some("default"), evaluator);
    Function<Value, Value> key = item -> SelectFilters.folded(path.apply(item), exact);
    List<Value> sorted =
        sorted(Sequences.list(value, evaluator.fuel()), key, false, evaluator).items();
    List<Value> groups = new ArrayList<>();
    for (int from = 0; from < sorted.size(); ) {
      int to = from + 1;
      Value first = key.apply(sorted.get(from));
      while (to < sorted.size()
          && evaluator.comparisons().equal(first, key.apply(sorted.get(to)))) {
        to++;
      }
      Value group = new Value.ListValue(new ArrayList<>(sorted.subList(from, to)));
      groups.add(new Value.TupleValue(List.of(path.apply(sorted.get(from)), group), true));
      from = to;
    }
    return new Value.ListValue(groups);
  }

  private static Value batch(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("batch", "linecount", "fill_with");
    int size = Operators.index(bound.need("linecount"), "batch");
    return SelectFilters.lazily(() -> {
      List<Value> batches = new ArrayList<>();
      List<Value> batch = new ArrayList<>();
      for (Value item : Sequences.list(value, evaluator.fuel())) {
        if (batch.size() == size) {
          batches.add(new Value.ListValue(batch));
          batch = new ArrayList<>();
        }
        batch.add(item);
      }
      if (!batch.isEmpty()) {
        batches.add(new Value.ListValue(filled(batch, size, bound, evaluator)));
      }
      return batches.iterator();
    });
  }

  private static List<Value> filled(
      List<Value> batch, int size, Arguments.Bound bound, Evaluator evaluator) {
    Optional<Value> fill = bound.some("fill_with");
    if (fill.isPresent() && size > batch.size()) {
      evaluator.fuel().steps(size - batch.size());
      batch.addAll(Collections.nCopies(size - batch.size(), fill.get()));
    }
    return batch;
  }

  private static Value slice(Value value, Arguments arguments, Evaluator evaluator) {
    Arguments.Bound bound = arguments.bind("slice", "slices", "fill_with");
    int count = Operators.index(bound.need("slices"), "slice");
    return SelectFilters.lazily(() -> {
      List<Value> items = Sequences.list(value, evaluator.fuel());
      if (count == 0) {
        throw new Refusal("division by zero");
      }
      evaluator.fuel().steps(Math.max(0, count));
      int each = items.size() / count;
      int longer = items.size() % count;
      List<Value> slices = new ArrayList<>();
      for (int i = 0, from = 0; i < count; i++) {
        int to = from + each + (i < longer ? 1 : 0);
        List<Value> slice = new ArrayList<>(items.subList(from, to));
        if (i >= longer) {
          bound.some("fill_with").ifPresent(slice::add);
        }
        slices.add(new Value.ListValue(slice));
        from = to;
      }
      return slices.iterator();
    });
  }
}
