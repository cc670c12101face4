package dev.luthier.text.template;

import dev.luthier.text.template.Expression.Comparison;
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
/// %`, `**`, signs, operands; what follows an operand is [PostfixParser]'s.
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
  private final PostfixParser postfixes;
  private final Set<String> namesSeen = new HashSet<>();
  private int nesting;

  ExpressionParser(TokenStream tokens) {
    this.tokens = tokens;
    this.postfixes = new PostfixParser(tokens, this);
  }

  /// For what may follow an operand, and for arguments and filters that stand alone.
  PostfixParser postfixes() {
    return postfixes;
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

  /// One level deeper; refuses what would not fit the thread's stack.
  Expression nested(Supplier<Expression> parse) {
    if (++nesting > NESTING_MAX) {
      throw new TemplateException(
          tokens.current().line(), "expression nested deeper than " + NESTING_MAX + " levels");
    }
    Expression parsed = parse.get();
    nesting--;
    return parsed;
  }

  /// One link more in a chain, which becomes a level of the tree.
  int chained(int links) {
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
    operand = postfixes.after(operand);
    return withFilters ? postfixes.filtersAndTests(operand) : operand;
  }

  Expression primary() {
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

  static Value integer(Token token) {
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
}
