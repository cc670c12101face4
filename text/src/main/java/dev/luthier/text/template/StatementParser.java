package dev.luthier.text.template;

import dev.luthier.text.template.Expression.CallArguments;
import dev.luthier.text.template.Expression.FilterCall;
import dev.luthier.text.template.Statement.Binding;
import dev.luthier.text.template.Statement.Branch;
import dev.luthier.text.template.Statement.Extras;
import dev.luthier.text.template.Statement.Parameter;
import dev.luthier.text.template.Statement.Signature;
import dev.luthier.text.template.Statement.Target;
import dev.luthier.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads statements. `include`, `import`, `extends` and `block` would lead out of the one template
/// and are refused.
final class StatementParser {
  private static final int NESTING_MAX = 100;

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private int nesting;
  private int loops;

  private StatementParser(TokenStream tokens) {
    this.tokens = tokens;
    this.expressions = new ExpressionParser(tokens);
  }

  static List<Statement> parse(String source) {
    StatementParser parser = new StatementParser(new TokenStream(Lexer.tokens(source)));
    List<Statement> body = parser.body(Set.of());
    if (!parser.tokens.at(Kind.EOF)) {
      throw parser.tokens.unexpected("the end of the template");
    }
    return body;
  }

  /// Statements up to one of `ends`, which stays the current token.
  private List<Statement> body(Set<String> ends) {
    List<Statement> body = new ArrayList<>();
    while (true) {
      Token token = tokens.current();
      switch (token.kind()) {
        case DATA -> body.add(new Statement.Data(Text.of(tokens.next().text())));
        case VARIABLE_BEGIN -> {
          tokens.next();
          body.add(new Statement.Print(expressions.tuple(true), token.line()));
          tokens.expect(Kind.VARIABLE_END, "'}}'");
        }
        case BLOCK_BEGIN -> {
          tokens.next();
          if (tokens.at(Kind.NAME) && ends.contains(tokens.current().text())) {
            return body;
          }
          body.addAll(statement());
          tokens.expect(Kind.BLOCK_END, "'%}'");
        }
        case EOF -> {
          if (!ends.isEmpty()) {
            throw tokens.unexpected("one of " + ends.stream().sorted().toList());
          }
          return body;
        }
        case VARIABLE_END, BLOCK_END, NAME, STRING, INTEGER, FLOAT, OPERATOR ->
            throw tokens.unexpected("text or a tag");
      }
    }
  }

  /// The rest of the current tag and the statements behind it.
  private List<Statement> block(String... ends) {
    tokens.skipOperator(":");
    tokens.expect(Kind.BLOCK_END, "'%}'");
    if (++nesting > NESTING_MAX) {
      throw new TemplateException(
          tokens.current().line(), "statements nested deeper than " + NESTING_MAX + " levels");
    }
    List<Statement> body = body(Set.of(ends));
    nesting--;
    return body;
  }

  private List<Statement> blockThrough(String end) {
    List<Statement> body = block(end);
    tokens.next();
    return body;
  }

  private List<Statement> statement() {
    Token tag = tokens.expect(Kind.NAME, "the name of a statement");
    int line = tag.line();
    return switch (tag.text()) {
      case "set" -> List.of(set(line));
      case "if" -> List.of(ifElse(line));
      case "for" -> List.of(forLoop(line));
      case "macro" -> List.of(macro(line));
      case "call" -> List.of(call(line));
      case "filter" -> List.of(filter(line));
      case "with" -> List.of(with(line));
      case "print" -> print(line);
      case "generation" -> List.of(new Statement.Generation(blockThrough("endgeneration")));
      case "break" -> List.of(inLoop(new Statement.Break(), line));
      case "continue" -> List.of(inLoop(new Statement.Continue(), line));
      case "autoescape" -> autoescape(line);
      case "include", "import", "from", "extends", "block" ->
          throw new TemplateException(
              line, "{% " + tag.text() + " %} is not supported: a chat template stands alone");
      default -> throw new TemplateException(line, "unknown statement '" + tag.text() + "'");
    };
  }

  private Statement inLoop(Statement statement, int line) {
    if (loops == 0) {
      throw new TemplateException(line, "break and continue belong inside a for loop");
    }
    return statement;
  }

  private Statement set(int line) {
    Target target = target(true);
    if (tokens.skipOperator("=")) {
      return new Statement.Assign(target, expressions.tuple(true), line);
    }
    List<FilterCall> filters = expressions.postfixes().filters();
    return new Statement.AssignBlock(target, filters, blockThrough("endset"), line);
  }

  private Statement ifElse(int line) {
    List<Branch> branches = new ArrayList<>();
    branches.add(branch(line));
    while (true) {
      Token end = tokens.next();
      switch (end.text()) {
        case "elif" -> branches.add(branch(end.line()));
        case "else" -> {
          return new Statement.If(branches, blockThrough("endif"));
        }
        default -> {
          return new Statement.If(branches, List.of());
        }
      }
    }
  }

  private Branch branch(int line) {
    Expression test = expressions.tuple(false);
    return new Branch(test, block("elif", "else", "endif"), line);
  }

  private Statement forLoop(int line) {
    Target target = target(false);
    tokens.expectName("in");
    Expression iterable = expressions.tuple(false);
    Optional<Expression> test =
        tokens.skipName("if") ? Optional.of(expressions.expression()) : Optional.empty();
    boolean recursive = tokens.skipName("recursive");
    loops++;
    List<Statement> body = block("endfor", "else");
    loops--;
    boolean hasElse = tokens.next().text().equals("else");
    List<Statement> otherwise = hasElse ? blockThrough("endfor") : List.of();
    return new Statement.For(target, iterable, test, recursive, body, otherwise, line);
  }

  private Statement macro(int line) {
    String name = tokens.expect(Kind.NAME, "the name of the macro").text();
    List<Parameter> parameters = parameters();
    MacroBody parsed = macroBody("endmacro");
    return new Statement.Macro(
        name, new Signature(parameters, parsed.extras()), parsed.body(), line);
  }

  private record MacroBody(List<Statement> body, Extras extras) {}

  /// A body that cannot break out of an outer loop, and which special names it speaks of.
  private MacroBody macroBody(String end) {
    Set<String> seen = expressions.namesSeen();
    Set<String> before = new HashSet<>(seen);
    seen.clear();
    int outerLoops = loops;
    loops = 0;
    List<Statement> body = blockThrough(end);
    loops = outerLoops;
    Extras extras =
        new Extras(seen.contains("varargs"), seen.contains("kwargs"), seen.contains("caller"));
    seen.addAll(before);
    return new MacroBody(body, extras);
  }

  private List<Parameter> parameters() {
    tokens.expectOperator("(");
    List<Parameter> parameters = new ArrayList<>();
    while (!tokens.atOperator(")")) {
      if (!parameters.isEmpty()) {
        tokens.expectOperator(",");
      }
      Token name = tokens.expect(Kind.NAME, "a parameter");
      boolean optional = tokens.skipOperator("=");
      if (!optional && !parameters.isEmpty() && parameters.getLast().otherwise().isPresent()) {
        throw new TemplateException(
            name.line(), "parameter '" + name.text() + "' needs a default like those before it");
      }
      parameters.add(
          new Parameter(
              name.text(), optional ? Optional.of(expressions.expression()) : Optional.empty()));
    }
    tokens.expectOperator(")");
    return parameters;
  }

  private Statement call(int line) {
    List<Parameter> parameters = tokens.atOperator("(") ? parameters() : List.of();
    if (!(expressions.expression()
        instanceof Expression.Call(Expression target, CallArguments arguments, int _))) {
      throw new TemplateException(line, "{% call %} needs a call of a macro");
    }
    MacroBody parsed = macroBody("endcall");
    Signature signature = new Signature(parameters, parsed.extras());
    return new Statement.CallBlock(target, arguments, signature, parsed.body(), line);
  }

  private Statement filter(int line) {
    List<FilterCall> filters = new ArrayList<>(List.of(expressions.postfixes().filter()));
    filters.addAll(expressions.postfixes().filters());
    return new Statement.FilterBlock(filters, blockThrough("endfilter"), line);
  }

  private Statement with(int line) {
    List<Binding> bindings = new ArrayList<>();
    while (!tokens.at(Kind.BLOCK_END)) {
      if (!bindings.isEmpty()) {
        tokens.expectOperator(",");
      }
      Target target = target(false);
      tokens.expectOperator("=");
      bindings.add(new Binding(target, expressions.expression()));
    }
    return new Statement.With(bindings, blockThrough("endwith"), line);
  }

  private List<Statement> print(int line) {
    List<Statement> printed = new ArrayList<>();
    while (!tokens.at(Kind.BLOCK_END)) {
      if (!printed.isEmpty()) {
        tokens.expectOperator(",");
      }
      printed.add(new Statement.Print(expressions.expression(), line));
    }
    return printed;
  }

  private List<Statement> autoescape(int line) {
    if (!(expressions.expression() instanceof Expression.Literal(Value value))
        || !value.equals(Value.FALSE)) {
      throw new TemplateException(line, "only {% autoescape false %} is supported");
    }
    return List.of(new Statement.Generation(blockThrough("endautoescape")));
  }

  private Target target(boolean withNamespace) {
    List<Target> targets = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      targets.add(singleTarget(withNamespace));
      if (!tokens.skipOperator(",")) {
        break;
      }
      isTuple = true;
      if ((!tokens.at(Kind.NAME) && !tokens.atOperator("(")) || tokens.atName("in")) {
        break;
      }
    }
    return isTuple ? new Statement.TupleTarget(targets) : targets.getFirst();
  }

  private Target singleTarget(boolean withNamespace) {
    if (tokens.skipOperator("(")) {
      if (++nesting > NESTING_MAX) {
        throw tokens.unexpected("at most " + NESTING_MAX + " nested tuples");
      }
      Target inner = target(withNamespace);
      nesting--;
      tokens.expectOperator(")");
      return inner;
    }
    Token name = tokens.expect(Kind.NAME, "a name to assign to");
    if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
      throw new TemplateException(name.line(), "cannot assign to '" + name.text() + "'");
    }
    if (withNamespace && tokens.skipOperator(".")) {
      String attribute = tokens.expect(Kind.NAME, "an attribute").text();
      return new Statement.NamespaceTarget(name.text(), attribute);
    }
    return new Statement.NameTarget(name.text());
  }
}
