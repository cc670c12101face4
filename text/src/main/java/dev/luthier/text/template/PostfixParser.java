package dev.luthier.text.template;

import dev.luthier.text.template.Expression.CallArguments;
import dev.luthier.text.template.Expression.FilterCall;
import dev.luthier.text.template.Expression.Keyword;
import dev.luthier.text.template.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads what follows an operand: attributes, subscripts and slices, calls, filters, tests.
final class PostfixParser {
  private final TokenStream tokens;
  private final ExpressionParser expressions;

  PostfixParser(TokenStream tokens, ExpressionParser expressions) {
    this.tokens = tokens;
    this.expressions = expressions;
  }

  /// `operand` with the attributes, subscripts and calls behind it.
  Expression after(Expression operand) {
    Expression result = operand;
    for (int links = 0; true; links = expressions.chained(links)) {
      int line = tokens.current().line();
      if (tokens.skipOperator(".")) {
        result = attribute(result, line);
      } else if (tokens.skipOperator("[")) {
        result = subscript(result, line);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, callArguments(), line);
      } else {
        return result;
      }
    }
  }

  private Expression attribute(Expression target, int line) {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> new Expression.Attribute(target, token.text(), line);
      case INTEGER ->
          new Expression.Item(
              target, new Expression.Literal(ExpressionParser.integer(token)), line);
      default ->
          throw new TemplateException(
              token.line(), "expected a name or number after '.', found " + token.described());
    };
  }

  private Expression subscript(Expression target, int line) {
    Optional<Expression> from =
        tokens.atOperator(":") ? Optional.empty() : Optional.of(expressions.expression());
    if (from.isPresent() && !tokens.atOperator(":")) {
      Expression key = from.get();
      if (tokens.atOperator(",")) {
        List<Expression> keys = new ArrayList<>(List.of(key));
        while (tokens.skipOperator(",")) {
          keys.add(expressions.expression());
        }
        key = new Expression.TupleLiteral(keys);
      }
      tokens.expectOperator("]");
      return new Expression.Item(target, key, line);
    }
    tokens.expectOperator(":");
    Optional<Expression> to = sliceBound();
    Optional<Expression> step = tokens.skipOperator(":") ? sliceBound() : Optional.empty();
    tokens.expectOperator("]");
    return new Expression.Slice(target, from, to, step, line);
  }

  private Optional<Expression> sliceBound() {
    boolean absent = tokens.atOperator(":") || tokens.atOperator("]");
    return absent ? Optional.empty() : Optional.of(expressions.expression());
  }

  /// Arguments in parentheses.
  CallArguments callArguments() {
    int line = tokens.current().line();
    tokens.expectOperator("(");
    List<Expression> positional = new ArrayList<>();
    List<Keyword> keyword = new ArrayList<>();
    Optional<Expression> spreadList = Optional.empty();
    Optional<Expression> spreadDict = Optional.empty();
    boolean first = true;
    while (!tokens.atOperator(")")) {
      if (!first) {
        tokens.expectOperator(",");
        if (tokens.atOperator(")")) {
          break;
        }
      }
      first = false;
      boolean inOrder = spreadDict.isEmpty();
      if (inOrder && spreadList.isEmpty() && tokens.skipOperator("*")) {
        spreadList = Optional.of(expressions.expression());
      } else if (inOrder && tokens.skipOperator("**")) {
        spreadDict = Optional.of(expressions.expression());
      } else if (inOrder && tokens.at(Kind.NAME) && tokens.look().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        keyword.add(new Keyword(name, expressions.expression()));
      } else if (inOrder && spreadList.isEmpty() && keyword.isEmpty()) {
        positional.add(expressions.expression());
      } else {
        throw new TemplateException(line, "arguments out of order: positional, named, *, **");
      }
    }
    tokens.expectOperator(")");
    return new CallArguments(positional, keyword, spreadList, spreadDict);
  }

  /// `operand` with the filters and tests behind it, and calls of what they give.
  Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    for (int links = 0; true; links = expressions.chained(links)) {
      int line = tokens.current().line();
      if (tokens.skipOperator("|")) {
        result = new Expression.Filtered(result, filter());
      } else if (tokens.skipName("is")) {
        result = test(result, line);
      } else if (tokens.atOperator("(")) {
        result = new Expression.Call(result, callArguments(), line);
      } else {
        return result;
      }
    }
  }

  /// A filter after its `|`.
  FilterCall filter() {
    int line = tokens.current().line();
    String name = dottedName();
    return new FilterCall(
        name, tokens.atOperator("(") ? callArguments() : CallArguments.NONE, line);
  }

  List<FilterCall> filters() {
    List<FilterCall> filters = new ArrayList<>();
    while (tokens.skipOperator("|")) {
      filters.add(filter());
    }
    return filters;
  }

  private String dottedName() {
    StringBuilder name = new StringBuilder(tokens.expect(Kind.NAME, "a name").text());
    while (tokens.skipOperator(".")) {
      name.append('.').append(tokens.expect(Kind.NAME, "a name").text());
    }
    return name.toString();
  }

  private Expression test(Expression operand, int line) {
    boolean negated = tokens.skipName("not");
    String name = dottedName();
    CallArguments arguments = CallArguments.NONE;
    if (tokens.atOperator("(")) {
      arguments = callArguments();
    } else if (atTestArgument()) {
      Expression argument = expressions.nested(() -> after(expressions.primary()));
      arguments =
          new CallArguments(List.of(argument), List.of(), Optional.empty(), Optional.empty());
    }
    Expression tested = new Expression.Tested(operand, name, arguments, line);
    return negated ? new Expression.Not(tested) : tested;
  }

  private boolean atTestArgument() {
    if (tokens.atName("is")) {
      throw new TemplateException(
          tokens.current().line(), "tests cannot be chained with 'is'; join them with 'and'");
    }
    boolean continues = tokens.atName("else") || tokens.atName("or") || tokens.atName("and");
    return switch (tokens.current().kind()) {
      case NAME -> !continues;
      case STRING, INTEGER, FLOAT -> true;
      case OPERATOR -> tokens.atOperator("[") || tokens.atOperator("{");
      case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, EOF -> false;
    };
  }
}
