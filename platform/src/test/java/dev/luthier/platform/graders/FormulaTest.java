package dev.luthier.platform.graders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormulaTest {
  private static final Map<String, Double> REWARDS = Map.of("a", 0.25, "b", 4.0, "min_len", 2.0);

  private static double value(String formula) {
    return Formula.parse(formula, REWARDS.keySet()).value(REWARDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 + 2 * 3               | 7
          (1 + 2) * 3             | 9
          8 - 4 - 2               | 2
          8 / 4 / 2               | 1
          2 ^ 3 ^ 2               | 512
          2 ** 3 ** 2             | 512
          2*b**2                  | 32
          -2 ^ 2                  | -4
          2 ^ -1                  | 0.5
          --1                     | 1
          +a                      | 0.25
          0.8 * a + .2 * b        | 1.0
          1e-1 * b                | 0.4
          min(a, b, -1)           | -1
          MAX(a, b)               | 4
          min_len                 | 2
          abs(-b)                 | 4
          floor(2.7) + ceil(2.1)  | 5
          exp(log(b))             | 4
          sqrt(b)                 | 2
          ((((a))))               | 0.25
          """)
  void computes(String formula, double expected) {
    assertEquals(expected, value(formula), 1e-12);
  }

  @Test
  void whatHasNoFiniteValueIsNotFinite() {
    assertFalse(Double.isFinite(value("1 / (a - a)")));
    assertTrue(Double.isNaN(value("sqrt(-1)")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          a +             | at character 4: a number, a name or '(' is wanted, but the formula ends
          (a + b          | at character 7: ')' is wanted, but the formula ends
          0.5 * a)        | at character 8: ')' is one too many
          a b             | at character 3: 'b' is one too many
          a + nix         | at character 5: 'nix' is no grader here
          sin(a)          | at character 1: 'sin' is no function
          abs(a, b)       | at character 1: abs takes one argument, not 2
          min(a)          | at character 1: min takes two arguments or more, not 1
          a; b            | at character 2: ';' is one too many
          a.b             | at character 2: '.' is one too many
          """)
  void aRefusalNamesThePlace(String formula, String expected) {
    var thrown =
        assertThrows(
            IllegalArgumentException.class, () -> Formula.parse(formula, REWARDS.keySet()));
    assertTrue(String.valueOf(thrown.getMessage()).startsWith(expected), thrown::getMessage);
  }

  @Test
  void depthAndLengthHaveLimits() {
    assertThrows(
        IllegalArgumentException.class,
        () -> Formula.parse("(".repeat(1000) + "a" + ")".repeat(1000), REWARDS.keySet()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Formula.parse("-".repeat(1000) + "a", REWARDS.keySet()));
    assertThrows(
        IllegalArgumentException.class,
        () -> Formula.parse("a+".repeat(5000) + "a", REWARDS.keySet()));
  }
}
