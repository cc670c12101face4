package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Choice;
import dev.luthier.text.grammar.Part.Repeat;
import dev.luthier.text.grammar.Part.Rule;
import dev.luthier.text.grammar.Part.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A pattern's strings of a certain length: its automaton over characters, with a count of those
/// that were read in each of its states. What cannot be completed within the length is left to
/// [Satisfaction].
final class CountedPattern {
  /// More states are a pattern, or a length, made to cost time.
  private static final int STATES_MAX = 4_000;

  private static final int PLACES_MAX = 2_000;

  private final List<Node> nodes = new ArrayList<>();
  private final Map<Place, Rule> rules = new HashMap<>();
  private final ArrayDeque<Begun> open = new ArrayDeque<>();
  private final int min;
  private final int max;
  private final int accepting;

  /// Where the automaton goes without reading, and what it reads and goes to then.
  private static final class Node {
    private final BitSet free = new BitSet();
    private Optional<Rule> character = Optional.empty();
    private int behind;
  }

  private record Place(int node, int count) {}

  /// A place whose rule has no body yet.
  private record Begun(Place place, Rule rule) {}

  private CountedPattern(Part pattern, int min, int max) {
    this.min = min;
    this.max = max;
    accepting = node();
    nodes.get(node()).free.set(built(pattern, accepting));
  }

  /// The strings; empty when the pattern is too large to be counted.
  ///
  /// @param pattern with each of its characters a rule of its own, and no other rules
  static Optional<Part> of(Part pattern, int min, int max) {
    Optional<Part> repeated = repeated(pattern, min, max);
    if (repeated.isPresent()) {
      return repeated;
    }
    try {
      return Optional.of(new CountedPattern(pattern, min, max).counted());
    } catch (TooLarge e) {
      return Optional.empty();
    }
  }

  /// One set of characters over and over, as `^[a-z]+$`, which may be of any length.
  private static Optional<Part> repeated(Part pattern, int min, int max) {
    if (pattern instanceof Choice choice
        && choice.parts().size() == 1
        && choice.parts().getFirst() instanceof Sequence sequence
        && sequence.parts().size() == 1
        && sequence.parts().getFirst() instanceof Repeat repeat
        && repeat.part() instanceof Rule) {
      int least = Math.max(min, repeat.min());
      int most = Math.min(max, repeat.max());
      return Optional.of(least > most ? new Choice() : new Repeat(repeat.part(), least, most));
    }
    return Optional.empty();
  }

  private static final class TooLarge extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private int node() {
    if (nodes.size() >= STATES_MAX) {
      throw new TooLarge();
    }
    nodes.add(new Node());
    return nodes.size() - 1;
  }

  /// Builds what reads `part` and goes on at `next`, from behind; answers where it begins.
  private int built(Part part, int next) {
    return switch (part) {
      case Rule character -> {
        int node = node();
        nodes.get(node).character = Optional.of(character);
        nodes.get(node).behind = next;
        yield node;
      }
      case Sequence sequence -> {
        int at = next;
        for (Part each : sequence.parts().reversed()) {
          at = built(each, at);
        }
        yield at;
      }
      case Choice choice -> {
        int node = node();
        for (Part each : choice.parts()) {
          int begin = built(each, next);
          nodes.get(node).free.set(begin);
        }
        yield node;
      }
      case Repeat repeat -> repeated(repeat, next);
      case Part.Reading _, Properties _ ->
          throw new IllegalArgumentException("a pattern is made of characters");
    };
  }

  private int repeated(Repeat repeat, int next) {
    int at = next;
    if (repeat.max() == Repeat.ENDLESS) {
      int loop = node();
      int begin = built(repeat.part(), loop);
      nodes.get(loop).free.set(begin);
      nodes.get(loop).free.set(next);
      at = loop;
    } else {
      for (int i = repeat.min(); i < repeat.max(); i++) {
        int begin = built(repeat.part(), at);
        at = node();
        nodes.get(at).free.set(begin);
        nodes.get(at).free.set(next);
      }
    }
    for (int i = 0; i < repeat.min(); i++) {
      at = built(repeat.part(), at);
    }
    return at;
  }

  private Part counted() {
    Rule start = rule(new Place(accepting + 1, 0));
    while (!open.isEmpty()) {
      Begun begun = open.pop();
      begun.rule().is(body(begun.place()));
    }
    return start;
  }

  private Rule rule(Place place) {
    Rule known = rules.get(place);
    if (known != null) {
      return known;
    }
    if (rules.size() >= PLACES_MAX) {
      throw new TooLarge();
    }
    var rule = new Rule();
    rules.put(place, rule);
    open.push(new Begun(place, rule));
    return rule;
  }

  private Part body(Place place) {
    BitSet reached = new BitSet();
    var unseen = new ArrayDeque<>(List.of(place.node()));
    while (!unseen.isEmpty()) {
      int node = unseen.pop();
      if (!reached.get(node)) {
        reached.set(node);
        nodes.get(node).free.stream().forEach(unseen::push);
      }
    }
    List<Part> choices = new ArrayList<>();
    if (reached.get(accepting) && place.count() >= min) {
      choices.add(new Sequence());
    }
    if (place.count() < max) {
      // Without a greatest length it is enough to count up to the least.
      int count = max == Repeat.ENDLESS ? Math.min(place.count() + 1, min) : place.count() + 1;
      reached.stream()
          .mapToObj(nodes::get)
          .forEach(node ->
              node.character.ifPresent(character ->
                  choices.add(new Sequence(character, rule(new Place(node.behind, count))))));
    }
    return new Choice(choices);
  }
}
