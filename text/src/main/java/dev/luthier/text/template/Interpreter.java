package dev.luthier.text.template;

import dev.luthier.text.template.Expression.FilterCall;
import dev.luthier.text.template.Statement.Binding;
import dev.luthier.text.template.Statement.Branch;
import dev.luthier.text.template.Statement.Parameter;
import dev.luthier.text.template.Statement.Signature;
import dev.luthier.text.template.Statement.Target;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Runs statements: one interpreter renders once.
final class Interpreter {
  /// How a list of statements ended.
  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private final Fuel fuel;
  private final Evaluator evaluator;

  Interpreter(Fuel fuel) {
    this.fuel = fuel;
    this.evaluator = new Evaluator(fuel);
  }

  /// The line being worked on, for messages.
  int line() {
    return evaluator.line();
  }

  Text render(List<Statement> statements, Scope scope) {
    TextBuilder out = new TextBuilder(fuel);
    run(statements, scope, out);
    return out.build();
  }

  private Flow run(List<Statement> statements, Scope scope, TextBuilder out) {
    fuel.enter();
    for (Statement statement : statements) {
      fuel.step();
      Flow flow = run(statement, scope, out);
      if (flow != Flow.ON) {
        fuel.leave();
        return flow;
      }
    }
    fuel.leave();
    return Flow.ON;
  }

  private Flow run(Statement statement, Scope scope, TextBuilder out) {
    switch (statement) {
      case Statement.Data data -> out.append(data.text());
      case Statement.Print print -> {
        evaluator.at(print.line());
        out.append(PythonText.str(evaluator.evaluate(print.expression(), scope), fuel));
      }
      case Statement.Assign assign -> {
        evaluator.at(assign.line());
        assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
      }
      case Statement.AssignBlock block -> {
        Text body = render(block.body(), scope.inner());
        evaluator.at(block.line());
        assign(block.target(), filtered(body, block.filters(), scope), scope);
      }
      case Statement.If branches -> {
        return runIf(branches, scope, out);
      }
      case Statement.For loop -> {
        evaluator.at(loop.line());
        Value elements = evaluator.evaluate(loop.iterable(), scope);
        runLoop(loop, elements, 0, scope, out);
      }
      case Statement.Macro macro ->
          scope.set(macro.name(), macro(macro.name(), macro.signature(), macro.body(), scope));
      case Statement.CallBlock call -> out.append(call(call, scope));
      case Statement.FilterBlock block -> {
        Text body = render(block.body(), scope.inner());
        evaluator.at(block.line());
        out.append(PythonText.str(filtered(body, block.filters(), scope), fuel));
      }
      case Statement.With with -> {
        return runWith(with, scope, out);
      }
      case Statement.Generation generation -> {
        return run(generation.body(), scope.inner(), out);
      }
      case Statement.Break _ -> {
        return Flow.BREAK;
      }
      case Statement.Continue _ -> {
        return Flow.CONTINUE;
      }
    }
    return Flow.ON;
  }

  private Flow runIf(Statement.If branches, Scope scope, TextBuilder out) {
    for (Branch branch : branches.branches()) {
      evaluator.at(branch.line());
      if (evaluator.truth(branch.test(), scope)) {
        return run(branch.body(), scope, out);
      }
    }
    return run(branches.otherwise(), scope, out);
  }

  private Flow runWith(Statement.With with, Scope scope, TextBuilder out) {
    evaluator.at(with.line());
    Scope inner = scope.inner();
    for (Binding binding : with.bindings()) {
      assign(binding.target(), evaluator.evaluate(binding.value(), scope), inner);
    }
    return run(with.body(), inner, out);
  }

  private void runLoop(
      Statement.For loop, Value elements, int depth0, Scope scope, TextBuilder out) {
    Iterator<Value> each = Sequences.iterate(elements, fuel);
    OptionalInt length = Sequences.length(elements);
    if (loop.test().isPresent()) {
      each = new SelectFilters.Selected(each, item -> passes(loop, item, scope));
      length = OptionalInt.empty();
    }
    LoopValue state = new LoopValue(fuel, each, length, depth0, recursion(loop, depth0, scope));
    boolean completed = false;
    while (state.advance()) {
      Scope inner = scope.inner();
      inner.set("loop", state);
      assign(loop.target(), state.current(), inner);
      Flow flow = run(loop.body(), inner, out);
      if (flow == Flow.BREAK) {
        break;
      }
      completed |= flow == Flow.ON;
    }
    // As compiled by jinja2: a loop whose every round was cut short runs its 'else' too.
    if (!completed) {
      run(loop.otherwise(), scope.inner(), out);
    }
  }

  private boolean passes(Statement.For loop, Value item, Scope scope) {
    Scope inner = scope.inner();
    assign(loop.target(), item, inner);
    return evaluator.truth(loop.test().orElseThrow(), inner);
  }

  private Value.Callable.Body recursion(Statement.For loop, int depth0, Scope scope) {
    return arguments -> {
      if (!loop.recursive()) {
        throw new Refusal("a loop that is called needs the word 'recursive'");
      }
      Value elements = arguments.bind("loop", "iterable").need("iterable");
      TextBuilder out = new TextBuilder(fuel);
      fuel.enter();
      runLoop(loop, elements, depth0 + 1, scope, out);
      fuel.leave();
      return out.build();
    };
  }

  private void assign(Target target, Value value, Scope scope) {
    switch (target) {
      case Statement.NameTarget name -> scope.set(name.name(), value);
      case Statement.NamespaceTarget(String name, String attribute) -> {
        Optional<Value> found = scope.find(name);
        if (found.isEmpty() || !(found.get() instanceof NamespaceValue namespace)) {
          throw new Refusal(
              "cannot set '%s.%s': '%s' is no namespace".formatted(name, attribute, name));
        }
        namespace.set(attribute, value);
      }
      case Statement.TupleTarget(List<Target> targets) -> {
        List<Value> parts = Sequences.list(value, fuel);
        if (parts.size() != targets.size()) {
          throw new Refusal("%d values for %d names".formatted(parts.size(), targets.size()));
        }
        for (int i = 0; i < parts.size(); i++) {
          assign(targets.get(i), parts.get(i), scope);
        }
      }
    }
  }

  private Value filtered(Text body, List<FilterCall> filters, Scope scope) {
    Value value = body;
    for (FilterCall filter : filters) {
      value = evaluator.filter(value, filter, scope);
    }
    return value;
  }

  private Text call(Statement.CallBlock call, Scope scope) {
    evaluator.at(call.line());
    Value caller = macro("", call.signature(), call.body(), scope);
    Value target = evaluator.evaluate(call.target(), scope);
    Arguments arguments = evaluator.arguments(call.arguments(), scope).with("caller", caller);
    return PythonText.str(evaluator.call(target, arguments, call.line()), fuel);
  }

  private Value.Callable macro(
      String name, Signature signature, List<Statement> body, Scope definedIn) {
    return new Value.Callable(
        name,
        Globals.macroPrinted(name),
        arguments -> {
          Scope scope = definedIn.inner();
          bind(name, signature, arguments, scope);
          return render(body, scope);
        });
  }

  /// Assigns arguments to a macro's parameters by the rules of jinja2's `Macro.__call__`.
  private void bind(String name, Signature signature, Arguments arguments, Scope scope) {
    List<Parameter> parameters = signature.parameters();
    List<Value> positional = arguments.positional();
    Map<String, Value> keyword = new LinkedHashMap<>(arguments.keyword());
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Optional<Value> given =
          i < positional.size()
              ? Optional.of(positional.get(i))
              : Optional.ofNullable(keyword.remove(parameter.name()));
      scope.set(parameter.name(), given.orElseGet(() -> otherwise(parameter, scope)));
    }
    boolean explicitCaller = parameters.stream().anyMatch(p -> p.name().equals("caller"));
    if (signature.extras().caller() && !explicitCaller) {
      Value caller = Optional.ofNullable(keyword.remove("caller")).orElse(Value.NONE);
      boolean none = caller instanceof Value.None;
      scope.set("caller", none ? new Value.Undefined("no caller is defined") : caller);
    }
    takeSurplus(name, signature, positional, keyword, scope);
  }

  private Value otherwise(Parameter parameter, Scope scope) {
    return parameter
        .otherwise()
        .map(expression -> evaluator.evaluate(expression, scope))
        .orElseGet(
            () -> new Value.Undefined("parameter '" + parameter.name() + "' was not provided"));
  }

  private static void takeSurplus(
      String name,
      Signature signature,
      List<Value> positional,
      Map<String, Value> keyword,
      Scope scope) {
    int count = signature.parameters().size();
    if (signature.extras().kwargs()) {
      DictValue rest = new DictValue();
      keyword.forEach((key, value) -> rest.put(Text.of(key), value));
      scope.set("kwargs", rest);
    } else if (!keyword.isEmpty()) {
      throw new Refusal(
          "macro '%s' takes no argument '%s'".formatted(name, keyword.keySet().iterator().next()));
    }
    if (signature.extras().varargs()) {
      int used = Math.min(count, positional.size());
      scope.set("varargs", new Value.TupleValue(positional.subList(used, positional.size())));
    } else if (positional.size() > count) {
      throw new Refusal(
          "macro '%s' takes at most %d arguments, got %d"
              .formatted(name, count, positional.size()));
    }
  }
}
