package dev.luthier.text.template;

import java.util.List;
import java.util.Optional;

/// An expression of a template.
sealed interface Expression {
  record Literal(Value value) implements Expression {}

  record Name(String name) implements Expression {}

  record Concat(List<Expression> parts) implements Expression {}

  record Binary(Operator operator, Expression left, Expression right, int line)
      implements Expression {}

  record Negative(Expression operand) implements Expression {}

  record Positive(Expression operand) implements Expression {}

  record Not(Expression operand) implements Expression {}

  record And(Expression left, Expression right) implements Expression {}

  record Or(Expression left, Expression right) implements Expression {}

  /// `a < b < c`: each middle operand is evaluated once.
  record Compare(Expression first, List<Operand> rest, int line) implements Expression {}

  record Operand(Comparison comparison, Expression expression) {}

  record Conditional(Expression test, Expression then, Optional<Expression> otherwise)
      implements Expression {}

  record ListLiteral(List<Expression> items) implements Expression {}

  record TupleLiteral(List<Expression> items) implements Expression {}

  record DictLiteral(List<Pair> pairs) implements Expression {}

  record Pair(Expression key, Expression value) {}

  record Attribute(Expression target, String name, int line) implements Expression {}

  record Item(Expression target, Expression key, int line) implements Expression {}

  record Slice(
      Expression target,
      Optional<Expression> from,
      Optional<Expression> to,
      Optional<Expression> step,
      int line)
      implements Expression {}

  record Call(Expression target, CallArguments arguments, int line) implements Expression {}

  record Filtered(Expression target, FilterCall filter) implements Expression {}

  record Tested(Expression target, String test, CallArguments arguments, int line)
      implements Expression {}

  record FilterCall(String name, CallArguments arguments, int line) {}

  record Keyword(String name, Expression value) {}

  /// Arguments as written: `f(a, b, k=c, *d, **e)`.
  record CallArguments(
      List<Expression> positional,
      List<Keyword> keyword,
      Optional<Expression> spreadList,
      Optional<Expression> spreadDict) {
    static final CallArguments NONE =
        new CallArguments(List.of(), List.of(), Optional.empty(), Optional.empty());
  }

  enum Operator {
    ADD,
    SUBTRACT,
    MULTIPLY,
    DIVIDE,
    FLOOR_DIVIDE,
    MODULO,
    POWER
  }

  enum Comparison {
    EQUAL,
    NOT_EQUAL,
    LESS,
    LESS_EQUAL,
    GREATER,
    GREATER_EQUAL,
    IN,
    NOT_IN
  }
}
