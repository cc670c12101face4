package dev.luthier.platform.graders;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A formula over the rewards of graders, such as `0.5 * tone + min(facts, 1)`.
///
/// There is nothing in it but numbers, names of graders, `+ - * / ^ **`, brackets and the functions
/// `min max abs floor ceil exp sqrt log`. Powers bind strongest and from the right, so `-2 ^ 2` is
/// -4.
public final class Formula {
  /// A part of a formula.
  sealed interface Term {
    record Constant(double value) implements Term {}

    record Name(String name) implements Term {}

    record Negative(Term of) implements Term {}

    record Binary(char operator, Term left, Term right) implements Term {}

    record Call(Function function, List<Term> arguments) implements Term {}
  }

  /// What may be called.
  enum Function {
    MIN(2, Integer.MAX_VALUE),
    MAX(2, Integer.MAX_VALUE),
    ABS(1, 1),
    FLOOR(1, 1),
    CEIL(1, 1),
    EXP(1, 1),
    SQRT(1, 1),
    LOG(1, 1);

    final int argumentsMin;
    final int argumentsMax;

    Function(int argumentsMin, int argumentsMax) {
      this.argumentsMin = argumentsMin;
      this.argumentsMax = argumentsMax;
    }
  }

  private final String source;
  private final Term term;

  private Formula(String source, Term term) {
    this.source = source;
    this.term = term;
  }

  /// Reads a formula.
  ///
  /// @param names of the graders that it may use
  /// @throws IllegalArgumentException that says what is wrong at which character
  public static Formula parse(String source, Set<String> names) {
    return new Formula(source, new FormulaParser(source, names).parse());
  }

  /// The value for the rewards of all graders; not finite where something was divided by zero, a
  /// root taken of less, or a number grew too large.
  public double value(Map<String, Double> rewards) {
    return value(term, rewards);
  }

  private static double value(Term term, Map<String, Double> rewards) {
    return switch (term) {
      case Term.Constant(double value) -> value;
      case Term.Name(String name) -> rewards.getOrDefault(name, Double.NaN);
      case Term.Negative(Term of) -> -value(of, rewards);
      case Term.Binary(char operator, Term left, Term right) ->
          binary(operator, value(left, rewards), value(right, rewards));
      case Term.Call(Function function, var arguments) ->
          call(
              function,
              arguments.stream().mapToDouble(argument -> value(argument, rewards)).toArray());
    };
  }

  private static double binary(char operator, double left, double right) {
    return switch (operator) {
      case '+' -> left + right;
      case '-' -> left - right;
      case '*' -> left * right;
      case '/' -> left / right;
      case '^' -> Math.pow(left, right);
      default -> throw new IllegalStateException("operator " + operator);
    };
  }

  private static double call(Function function, double[] values) {
    return switch (function) {
      case MIN -> Arrays.stream(values).reduce(values[0], Math::min);
      case MAX -> Arrays.stream(values).reduce(values[0], Math::max);
      case ABS -> Math.abs(values[0]);
      case FLOOR -> Math.floor(values[0]);
      case CEIL -> Math.ceil(values[0]);
      case EXP -> Math.exp(values[0]);
      case SQRT -> Math.sqrt(values[0]);
      case LOG -> Math.log(values[0]);
    };
  }

  @Override
  public String toString() {
    return source;
  }
}
