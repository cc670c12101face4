package dev.luthier.text.grammar;

import dev.luthier.text.grammar.Part.Literal;
import dev.luthier.text.grammar.Part.Sequence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The texts of one form, read byte by byte.
///
/// An automaton with stacks, made deterministic as it is used: a [State] is the set of all places
/// in the form where the text may be. States are kept for the next text of the same form, up to a
/// limit. Not safe for several threads at once.
final class Grammar {
  private static final int STATES_MAX = 20_000;

  /// A pattern may be at so many places at once; more are a pattern made to cost time.
  private static final int PLACES_MAX = 4096;

  /// What a call begins with.
  private static final String CALL = "<tool_call>";

  private final State start;
  private final Map<Set<Stack>, State> states = new HashMap<>();
  private final Map<Stack, Stack> stacks = new HashMap<>();

  private Grammar(Part root) {
    if (!Satisfaction.prune(root)) {
      throw new SchemaException("#: nothing satisfies the schema");
    }
    start = state(closed(Set.of(new Stack(root, Stack.EMPTY))));
  }

  /// @throws SchemaException if no answer can be held to the form
  static Grammar of(AnswerForm form) {
    List<Part> kinds = new ArrayList<>();
    form.json()
        .map(json ->
            json.schema().isPresent()
                ? SchemaCompiler.compile(json.schema().get(), json.strict())
                : AnyJson.OBJECT)
        .ifPresent(kinds::add);
    form.calls().map(Grammar::calls).ifPresent(kinds::add);
    return new Grammar(new Part.Choice(kinds));
  }

  private static Part calls(AnswerForm.Calls calls) {
    Part begun = new Part.Choice(calls.functions().stream().map(Grammar::begun).toList());
    if (calls.text()) {
      return FreeText.with(CALL, begun);
    }
    Part call = new Sequence(new Literal(CALL), begun);
    return new Sequence(
        call, new Part.Repeat(new Sequence(new Literal("\n"), call), 0, calls.callsMax() - 1));
  }

  /// A call behind its first word.
  private static Part begun(AnswerForm.Function function) {
    return new Sequence(
        new Literal("\n{\"name\":"),
        Blanks.ONE,
        Literal.of(SchemaCompiler.quoted(function.name()) + ","),
        Blanks.ONE,
        new Literal("\"arguments\":"),
        Blanks.ONE,
        SchemaCompiler.compile(function.parameters(), function.strict()),
        new Literal("}\n</tool_call>"));
  }

  State start() {
    return start;
  }

  /// Where a text may be, and what is known of what follows.
  static final class State {
    private final Set<Stack> stacks;
    private final @Nullable State[] next = new State[256];
    private final boolean[] known = new boolean[256];
    private long @Nullable [] allowed;

    private State(Set<Stack> stacks) {
      this.stacks = stacks;
    }

    /// Whether the text is complete; it may go on nevertheless.
    boolean isComplete() {
      return stacks.contains(Stack.EMPTY);
    }

    /// The tokens that may follow, once they have been found.
    long @Nullable [] allowed() {
      return allowed;
    }

    void allowed(long[] tokens) {
      allowed = tokens;
    }
  }

  /// Where a text is after one more byte; null if it must not follow.
  @Nullable State next(State state, int value) {
    if (!state.known[value]) {
      state.next[value] = read(state, value);
      state.known[value] = true;
    }
    return state.next[value];
  }

  /// A state as [#start] if what was learnt has been forgotten, else `state` itself. To be called
  /// between tokens, so that a long text does not hold all it went through.
  State current(State state) {
    if (states.size() < STATES_MAX) {
      return state;
    }
    states.clear();
    stacks.clear();
    return state(state.stacks);
  }

  private @Nullable State read(State state, int value) {
    Set<Stack> read = new LinkedHashSet<>();
    for (Stack stack : state.stacks) {
      switch (stack.top()) {
        case Literal literal -> {
          if (literal.first() == value) {
            String rest = literal.bytes().substring(1);
            read.add(rest.isEmpty() ? stack.rest() : push(new Literal(rest), stack.rest()));
          }
        }
        case Part.Bytes bytes -> {
          if (bytes.contains(value)) {
            read.add(stack.rest());
          }
        }
        case Numeral numeral ->
            numeral.next(value).ifPresent(longer -> read.add(push(longer, stack.rest())));
        case null, default -> {} // the end, which reads nothing
      }
    }
    return read.isEmpty() ? null : state(closed(read));
  }

  private State state(Set<Stack> places) {
    return states.computeIfAbsent(places, State::new);
  }

  /// The places at which a byte is read, or the text ends, that places lead to.
  private Set<Stack> closed(Set<Stack> places) {
    Set<Stack> seen = new LinkedHashSet<>();
    Set<Stack> reading = new LinkedHashSet<>();
    var open = new ArrayDeque<>(places);
    while (!open.isEmpty()) {
      Stack stack = open.pop();
      if (!seen.add(stack)) {
        continue;
      }
      if (seen.size() > PLACES_MAX) {
        throw new IllegalStateException(
            "the schema is too ambiguous: an answer may be at more than " + PLACES_MAX + " places");
      }
      Stack rest = stack.rest();
      switch (stack.top()) {
        case null -> reading.add(stack);
        case Numeral numeral -> {
          reading.add(stack);
          if (numeral.isWhole()) {
            open.push(rest);
          }
        }
        case Part.Reading _ -> reading.add(stack);
        case Sequence sequence -> open.push(pushAll(sequence.parts(), rest));
        case Part.Choice choice -> choice.parts().forEach(part -> open.push(push(part, rest)));
        case Part.Repeat repeat -> {
          if (repeat.min() == 0) {
            open.push(rest);
          }
          if (repeat.max() > 0) {
            open.push(push(repeat.part(), push(repeat.less(), rest)));
          }
        }
        case Part.Rule rule -> open.push(push(rule.body(), rest));
        case Properties properties ->
            properties.choices().forEach(parts -> open.push(pushAll(parts, rest)));
      }
    }
    return reading;
  }

  private Stack pushAll(List<Part> parts, Stack rest) {
    Stack stack = rest;
    for (Part part : parts.reversed()) {
      stack = push(part, stack);
    }
    return stack;
  }

  private Stack push(Part part, Stack rest) {
    var stack = new Stack(part, rest);
    Stack known = stacks.putIfAbsent(stack, stack);
    return known == null ? stack : known;
  }

  /// Parts that are still to be read, the next on top. The rest is compared by identity, as stacks
  /// that are equal are made only once.
  private static final class Stack {
    static final Stack EMPTY = new Stack();

    private final @Nullable Part top;
    private final Stack rest;
    private final int hash;

    private Stack() {
      top = null;
      rest = this;
      hash = 1;
    }

    Stack(Part top, Stack rest) {
      this.top = top;
      this.rest = rest;
      hash = 31 * rest.hash + top.hashCode();
    }

    @Nullable Part top() {
      return top;
    }

    Stack rest() {
      return rest;
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Stack stack
          && rest == stack.rest
          && (top == null ? stack.top == null : top.equals(stack.top));
    }
  }
}
