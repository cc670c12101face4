package dev.luthier.text.template;

import dev.luthier.text.template.Expression.CallArguments;
import dev.luthier.text.template.Expression.Comparison;
import dev.luthier.text.template.Expression.FilterCall;
import dev.luthier.text.template.Expression.Keyword;
import dev.luthier.text.template.Expression.Operand;
import dev.luthier.text.template.Expression.Operator;
import dev.luthier.text.template.Expression.Pair;
import dev.luthier.text.template.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads expressions with jinja2's precedence: `or`, `and`, `not`, comparisons, `+ -`, `~`, `* / //
/// %`, `**`, signs, then postfixes, filters and tests.
final class ExpressionParser {
  private static final int NESTING_MAX = 100;
  private static final int CHAIN_MAX = 400;
  private static final int INTEGER_DIGITS_MAX = 4_300;
  private static final Map<String, Comparison> COMPARISONS =
      Map.of(
          "==", Comparison.EQUAL,
          "!=", Comparison.NOT_EQUAL,
          "<", Comparison.LESS,
          "<=", Comparison.LESS_EQUAL,
          ">", Comparison.GREATER,
          ">=", Comparison.GREATER_EQUAL);
  private static final Map<String, Operator> SUMS =
      Map.of("+", Operator.ADD, "-", Operator.SUBTRACT);
  private static final Map<String, Operator> PRODUCTS =
      Map.of(
          "*", Operator.MULTIPLY,
          "/", Operator.DIVIDE,
          "//", Operator.FLOOR_DIVIDE,
          "%", Operator.MODULO);
  private static final Map<String, Operator> POWERS = Map.of("**", Operator.POWER);

  private final TokenStream tokens;
  private final Set<String> namesSeen = new HashSet<>();
  private int nesting;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /// Names read since the template began; the parser of macros asks for a few of them.
  Set<String> namesSeen() {
    return namesSeen;
  }

  Expression expression() {
    return nested(this::conditional);
  }

  /// An expression, or a tuple of some without parentheses.
  Expression tuple(boolean withConditional) {
    return tuple(withConditional ? this::expression : () -> nested(this::or), false);
  }

  private Expression tuple(Supplier<Expression> element, boolean inParentheses) {
    List<Expression> items = new ArrayList<>();
    boolean isTuple = false;
    while (true) {
      if (!items.isEmpty()) {
        tokens.expectOperator(",");
      }
      if (atTupleEnd() || (isTuple && tokens.atName("recursive"))) {
        break;
      }
      items.add(element.get());
      if (!tokens.atOperator(",")) {
        break;
      }
      isTuple = true;
    }
    if (isTuple || (items.isEmpty() && inParentheses)) {
      return new Expression.TupleLiteral(items);
    }
    if (items.isEmpty()) {
      throw tokens.unexpected("an expression");
    }
    return items.getFirst();
  }

  private boolean atTupleEnd() {
    return tokens.at(Kind.VARIABLE_END) || tokens.at(Kind.BLOCK_END) || tokens.atOperator(")");
  }

  private Expression nested(Supplier<Expression> parse) {
    if (++nesting > NESTING_MAX) {
      throw new TemplateException(
          tokens.current().line(), "expression nested deeper than " + NESTING_MAX + " levels");
    }
    Expression parsed = parse.get();
    nesting--;
    return parsed;
  }

  private int chained(int links) {
    if (links >= CHAIN_MAX) {
      throw new TemplateException(
          tokens.current().line(), "expression chains more than " + CHAIN_MAX + " operators");
    }
    return links + 1;
  }

  private Expression conditional() {
    Expression then = or();
    for (int links = 0; tokens.skipName("if"); links = chained(links)) {
      Expression test = or();
      Optional<Expression> otherwise =
          tokens.skipName("else") ? Optional.of(nested(this::conditional)) : Optional.empty();
      then = new Expression.Conditional(test, then, otherwise);
    }
    return then;
  }

  private Expression or() {
    Expression left = and();
    for (int links = 0; tokens.skipName("or"); links = chained(links)) {
      left = new Expression.Or(left, and());
    }
    return left;
  }

  private Expression and() {
    Expression left = not();
    for (int links = 0; tokens.skipName("and"); links = chained(links)) {
      left = new Expression.And(left, not());
    }
    return left;
  }

  private Expression not() {
    return tokens.skipName("not") ? new Expression.Not(nested(this::not)) : comparison();
  }

  private Expression comparison() {
    int line = tokens.current().line();
    Expression first = sum();
    List<Operand> rest = new ArrayList<>();
    while (true) {
      Comparison comparison = COMPARISONS.get(tokens.current().text());
      if (comparison != null && tokens.at(Kind.OPERATOR)) {
        tokens.next();
        rest.add(new Operand(comparison, sum()));
      } else if (tokens.skipName("in")) {
        rest.add(new Operand(Comparison.IN, sum()));
      } else if (tokens.atName("not") && tokens.look().isName("in")) {
        tokens.next();
        tokens.next();
        rest.add(new Operand(Comparison.NOT_IN, sum()));
      } else {
        return rest.isEmpty() ? first : new Expression.Compare(first, rest, line);
      }
    }
  }

  private Expression sum() {
    return binary(SUMS, this::concat);
  }

  private Expression concat() {
    List<Expression> parts = new ArrayList<>(List.of(product()));
    while (tokens.skipOperator("~")) {
      parts.add(product());
    }
    return parts.size() == 1 ? parts.getFirst() : new Expression.Concat(parts);
  }

  private Expression product() {
    return binary(PRODUCTS, this::power);
  }

  private Expression power() {
    return binary(POWERS, () -> unary(true));
  }

  private Expression binary(Map<String, Operator> operators, Supplier<Expression> operand) {
    Expression left = operand.get();
    for (int links = 0; tokens.at(Kind.OPERATOR); links = chained(links)) {
      Operator operator = operators.get(tokens.current().text());
      if (operator == null) {
        break;
      }
      int line = tokens.next().line();
      left = new Expression.Binary(operator, left, operand.get(), line);
    }
    return left;
  }

  private Expression unary(boolean withFilters) {
    Expression operand;
    if (tokens.skipOperator("-")) {
      operand = new Expression.Negative(nested(() -> unary(false)));
    } else if (tokens.skipOperator("+")) {
      operand = new Expression.Positive(nested(() -> unary(false)));
    } else {
      operand = primary();
    }
    operand = postfixes(operand);
    return withFilters ? filtersAndTests(operand) : operand;
  }

  private Expression primary() {
    Token token = tokens.next();
    return switch (token.kind()) {
      case NAME -> name(token);
      case STRING -> string(token);
      case INTEGER -> new Expression.Literal(integer(token));
      case FLOAT ->
          new Expression.Literal(
              new Value.Real(Double.parseDouble(token.text().replace("_", "")), Text.TEMPLATE));
      case OPERATOR -> bracketed(token);
      case DATA, VARIABLE_BEGIN, VARIABLE_END, BLOCK_BEGIN, BLOCK_END, EOF ->
          throw new TemplateException(
              token.line(), "expected an expression, found " + token.described());
    };
  }

  private Expression name(Token token) {
    return switch (token.text()) {
      case "true", "True" -> new Expression.Literal(Value.TRUE);
      case "false", "False" -> new Expression.Literal(Value.FALSE);
      case "none", "None" -> new Expression.Literal(Value.NONE);
      default -> {
        namesSeen.add(token.text());
        yield new Expression.Name(token.text());
      }
    };
  }

  private Expression string(Token first) {
    StringBuilder joined = new StringBuilder(first.text());
    while (tokens.at(Kind.STRING)) {
      joined.append(tokens.next().text());
    }
    return new Expression.Literal(Text.of(joined.toString()));
  }

  private static Value integer(Token token) {
    String digits = token.text().replace("_", "").toLowerCase(Locale.ROOT);
    if (digits.length() > INTEGER_DIGITS_MAX) {
      throw new TemplateException(
          token.line(),
          "a number of %d digits exceeds the limit of %d"
              .formatted(digits.length(), INTEGER_DIGITS_MAX));
    }
    int radix = digits.startsWith("0x") ? 16 : digits.startsWith("0o") ? 8 : 2;
    boolean prefixed = digits.length() > 1 && Character.isLetter(digits.charAt(1));
    BigInteger value =
        prefixed ? new BigInteger(digits.substring(2), radix) : new BigInteger(digits);
    return new Value.Int(value, Text.TEMPLATE);
  }

  private Expression bracketed(Token open) {
    return switch (open.text()) {
      case "(" -> {
        Expression inner = tuple(this::expression, true);
        tokens.expectOperator(")");
        yield inner;
      }
      case "[" -> new Expression.ListLiteral(separated("]", this::expression));
      case "{" -> new Expression.DictLiteral(separated("}", this::pair));
      default ->
          throw new TemplateException(
              open.line(), "expected an expression, found " + open.described());
    };
  }

  private Pair pair() {
    Expression key = expression();
    tokens.expectOperator(":");
    return new Pair(key, expression());
  }

  private <T> List<T> separated(String close, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    while (!tokens.atOperator(close)) {
      if (!elements.isEmpty()) {
        tokens.expectOperator(",");
        if (tokens.atOperator(close)) {
          break;
        }
      }
      elements.add(element.get());
    }
    tokens.expectOperator(close);
    return elements;
  }

  private Expression postfixes(Expression operand) {
    Expression result = operand;
    for (int links = 0; true; links = chained(links)) {
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
      case INTEGER -> new Expression.Item(target, new Expression.Literal(integer(token)), line);
      default ->
          throw new TemplateException(
              token.line(), "expected a name or number after '.', found " + token.described());
    };
  }

  private Expression subscript(Expression target, int line) {
    Optional<Expression> from =
        tokens.atOperator(":") ? Optional.empty() : Optional.of(expression());
    if (from.isPresent() && !tokens.atOperator(":")) {
      Expression key = from.get();
      if (tokens.atOperator(",")) {
        List<Expression> keys = new ArrayList<>(List.of(key));
        while (tokens.skipOperator(",")) {
          keys.add(expression());
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
    return absent ? Optional.empty() : Optional.of(expression());
  }

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
        spreadList = Optional.of(expression());
      } else if (inOrder && tokens.skipOperator("**")) {
        spreadDict = Optional.of(expression());
      } else if (inOrder && tokens.at(Kind.NAME) && tokens.look().isOperator("=")) {
        String name = tokens.next().text();
        tokens.next();
        keyword.add(new Keyword(name, expression()));
      } else if (inOrder && spreadList.isEmpty() && keyword.isEmpty()) {
        positional.add(expression());
      } else {
        throw new TemplateException(line, "arguments out of order: positional, named, *, **");
      }
    }
    tokens.expectOperator(")");
    return new CallArguments(positional, keyword, spreadList, spreadDict);
  }

  private Expression filtersAndTests(Expression operand) {
    Expression result = operand;
    for (int links = 0; true; links = chained(links)) {
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
      Expression argument = nested(() -> postfixes(primary()));
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
