package dev.luthier.text.template;

import dev.luthier.text.template.Expression.CallArguments;
import dev.luthier.text.template.Expression.FilterCall;
import java.util.List;
import java.util.Optional;

/// A statement of a template.
sealed interface Statement {
  record Data(Text text) implements Statement {}

  record Print(Expression expression, int line) implements Statement {}

  record Assign(Target target, Expression value, int line) implements Statement {}

  record AssignBlock(Target target, List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  record If(List<Branch> branches, List<Statement> otherwise) implements Statement {}

  record Branch(Expression test, List<Statement> body, int line) {}

  record For(
      Target target,
      Expression iterable,
      Optional<Expression> test,
      boolean recursive,
      List<Statement> body,
      List<Statement> otherwise,
      int line)
      implements Statement {}

  record Macro(String name, Signature signature, List<Statement> body, int line)
      implements Statement {}

  record CallBlock(
      Expression target,
      CallArguments arguments,
      Signature signature,
      List<Statement> body,
      int line)
      implements Statement {}

  record FilterBlock(List<FilterCall> filters, List<Statement> body, int line)
      implements Statement {}

  record With(List<Binding> bindings, List<Statement> body, int line) implements Statement {}

  record Binding(Target target, Expression value) {}

  /// `{% generation %}`: renders its body in a scope of its own.
  record Generation(List<Statement> body) implements Statement {}

  record Break() implements Statement {}

  record Continue() implements Statement {}

  /// Parameters of a macro.
  ///
  /// @param extras which of `varargs`, `kwargs` and `caller` the body speaks of; Jinja accepts
  ///   surplus arguments only then
  record Signature(List<Parameter> parameters, Extras extras) {}

  record Parameter(String name, Optional<Expression> otherwise) {}

  record Extras(boolean varargs, boolean kwargs, boolean caller) {}

  /// Where a value is stored.
  sealed interface Target {}

  record NameTarget(String name) implements Target {}

  record NamespaceTarget(String namespace, String attribute) implements Target {}

  record TupleTarget(List<Target> targets) implements Target {}
}
