package dev.luthier.text.template;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// The variable `loop` inside a `for`. Looks ahead only when asked to, so that filters of the loop
/// run when Jinja runs them.
final class LoopValue implements Value {
  private final Fuel fuel;
  private final int depth0;
  private final Callable.Body recursion;
  private Iterator<Value> rest;
  private Optional<Value> after = Optional.empty();
  private Optional<Value> current = Optional.empty();
  private Optional<Value> before = Optional.empty();
  private Optional<List<Value>> changedTo = Optional.empty();
  private OptionalInt length;
  private int index0 = -1;

  LoopValue(
      Fuel fuel,
      Iterator<Value> elements,
      OptionalInt length,
      int depth0,
      Callable.Body recursion) {
    this.fuel = fuel;
    this.rest = elements;
    this.length = length;
    this.depth0 = depth0;
    this.recursion = recursion;
  }

  boolean advance() {
    Optional<Value> next = peek();
    if (next.isEmpty()) {
      return false;
    }
    after = Optional.empty();
    before = current;
    current = next;
    index0++;
    return true;
  }

  Value current() {
    return current.orElseThrow();
  }

  int depth() {
    return depth0 + 1;
  }

  Value call(Arguments arguments) {
    return recursion.call(arguments);
  }

  Optional<Value> attribute(String name) {
    return switch (name) {
      case "index" -> Optional.of(Value.of(index0 + 1));
      case "index0" -> Optional.of(Value.of(index0));
      case "first" -> Optional.of(Value.of(index0 == 0));
      case "last" -> Optional.of(Value.of(peek().isEmpty()));
      case "length" -> Optional.of(Value.of(length()));
      case "revindex" -> Optional.of(Value.of(length() - index0));
      case "revindex0" -> Optional.of(Value.of(length() - index0 - 1));
      case "depth" -> Optional.of(Value.of(depth0 + 1));
      case "depth0" -> Optional.of(Value.of(depth0));
      case "previtem" -> Optional.of(before.orElse(new Undefined("there is no previous item")));
      case "nextitem" -> Optional.of(peek().orElse(new Undefined("there is no next item")));
      case "cycle" -> Optional.of(new Callable("cycle", this::cycle));
      case "changed" -> Optional.of(new Callable("changed", this::changed));
      default -> Optional.empty();
    };
  }

  String printed() {
    return "<LoopContext " + (index0 + 1) + "/" + length() + ">";
  }

  int length() {
    if (length.isEmpty()) {
      List<Value> left = new ArrayList<>();
      while (rest.hasNext()) {
        fuel.step();
        left.add(rest.next());
      }
      rest = left.iterator();
      length = OptionalInt.of(left.size() + index0 + 1 + (after.isPresent() ? 1 : 0));
    }
    return length.getAsInt();
  }

  private Optional<Value> peek() {
    if (after.isEmpty() && rest.hasNext()) {
      fuel.step();
      after = Optional.of(rest.next());
    }
    return after;
  }

  private Value cycle(Arguments arguments) {
    List<Value> choices = arguments.positional();
    if (choices.isEmpty()) {
      throw new Refusal("loop.cycle() needs items to cycle through");
    }
    return choices.get(index0 % choices.size());
  }

  private Value changed(Arguments arguments) {
    Comparisons comparisons = new Comparisons(fuel);
    List<Value> now = arguments.positional();
    boolean same =
        changedTo.isPresent()
            && comparisons.equal(new TupleValue(changedTo.get()), new TupleValue(now));
    changedTo = Optional.of(now);
    return Value.of(!same);
  }
}
