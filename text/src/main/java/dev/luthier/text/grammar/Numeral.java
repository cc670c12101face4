package dev.luthier.text.grammar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Optional;

/// A number within bounds, of which `text` has been read. It has no exponent.
record Numeral(Range range, String text) implements Part.Reading {
  private static final int WHOLE_DIGITS_MAX = 30;
  static final int FRACTION_DIGITS_MAX = 15;

  /// Which numbers are allowed, in units of `10^-scale`.
  ///
  /// @param step every allowed number is a multiple of it
  record Range(BigInteger min, BigInteger max, BigInteger step, int scale) {

    /// @param min the least number; with its fraction cut if `integer`, as all of these
    static Range of(
        Optional<BigDecimal> min,
        boolean minExcluded,
        Optional<BigDecimal> max,
        boolean maxExcluded,
        Optional<BigDecimal> multipleOf,
        boolean integer) {
      BigInteger most = BigInteger.TEN.pow(18).subtract(BigInteger.ONE);
      int scale = scale(min, max, multipleOf, integer);
      BigInteger step = multipleOf.map(of -> step(of, integer, scale)).orElse(BigInteger.ONE);
      BigInteger least =
          min.map(bound -> units(bound, scale, RoundingMode.CEILING, minExcluded ? 1 : 0))
              .orElseGet(() -> inUnits(most.negate(), scale));
      BigInteger greatest =
          max.map(bound -> units(bound, scale, RoundingMode.FLOOR, maxExcluded ? -1 : 0))
              .orElseGet(() -> inUnits(most, scale));
      return new Range(least, greatest, step, scale);
    }

    private static int scale(
        Optional<BigDecimal> min,
        Optional<BigDecimal> max,
        Optional<BigDecimal> multipleOf,
        boolean integer) {
      if (integer) {
        return 0;
      }
      if (multipleOf.isPresent()) {
        return Math.max(0, multipleOf.get().stripTrailingZeros().scale());
      }
      int given =
          Math.max(min.map(BigDecimal::scale).orElse(0), max.map(BigDecimal::scale).orElse(0));
      return Math.max(given, FRACTION_DIGITS_MAX);
    }

    /// Of a fraction, an integer is a multiple if it is one of the fraction's numerator.
    private static BigInteger step(BigDecimal multipleOf, boolean integer, int scale) {
      BigDecimal plain = multipleOf.stripTrailingZeros();
      if (!integer || plain.scale() <= 0) {
        return plain.movePointRight(scale).toBigIntegerExact();
      }
      BigInteger unit = BigInteger.TEN.pow(plain.scale());
      return plain.unscaledValue().divide(plain.unscaledValue().gcd(unit));
    }

    private static BigInteger inUnits(BigInteger whole, int scale) {
      return whole.multiply(BigInteger.TEN.pow(scale));
    }

    /// A bound that is excluded moves to the next number that readers of JSON tell apart from it,
    /// who as a rule read a `double`.
    ///
    /// @param moved which way: 1, -1, or 0 for a bound that is allowed
    private static BigInteger units(BigDecimal bound, int scale, RoundingMode rounding, int moved) {
      double near = bound.doubleValue();
      BigDecimal nearest =
          switch (moved) {
            case 0 -> bound;
            case 1 -> new BigDecimal(Math.nextUp(near));
            default -> new BigDecimal(Math.nextDown(near));
          };
      BigInteger units = nearest.movePointRight(scale).setScale(0, rounding).toBigInteger();
      BigInteger excluded = bound.movePointRight(scale).setScale(0, rounding).toBigInteger();
      return moved != 0 && units.equals(excluded) && isWhole(bound, scale)
          ? units.add(BigInteger.valueOf(moved))
          : units;
    }

    private static boolean isWhole(BigDecimal bound, int scale) {
      return bound.stripTrailingZeros().scale() <= scale;
    }

    /// Whether an allowed number lies between two.
    boolean meets(BigInteger from, BigInteger to) {
      BigInteger least = from.max(min);
      BigInteger greatest = to.min(max);
      if (least.compareTo(greatest) > 0) {
        return false;
      }
      BigInteger[] parts = greatest.divideAndRemainder(step);
      BigInteger below = parts[1].signum() < 0 ? parts[0].subtract(BigInteger.ONE) : parts[0];
      return below.multiply(step).compareTo(least) >= 0;
    }

    boolean isEmpty() {
      return !meets(min, max);
    }
  }

  /// This number with one more character, if that can still become an allowed one.
  Optional<Numeral> next(int value) {
    char c = (char) value;
    return Optional.of(new Numeral(range, text + c))
        .filter(longer -> mayFollow(c) && longer.leadsTo());
  }

  /// Whether what was read is an allowed number.
  boolean isWhole() {
    if (text.isEmpty() || !isDigit(text.charAt(text.length() - 1))) {
      return false;
    }
    BigInteger units = new BigDecimal(text).movePointRight(range.scale()).toBigIntegerExact();
    return range.meets(units, units);
  }

  private boolean mayFollow(char c) {
    if (c == '-') {
      return text.isEmpty();
    }
    int point = text.indexOf('.');
    String whole = digits(point);
    if (c == '.') {
      return point < 0 && !whole.isEmpty() && range.scale() > 0;
    }
    return isDigit(c)
        && (point < 0
            ? !whole.equals("0") && whole.length() < WHOLE_DIGITS_MAX
            : text.length() - point - 1 < range.scale());
  }

  /// Whether some continuation is allowed: with `k` more digits before the point, `12` becomes
  /// something from `12·10^k` to less than `13·10^k`.
  private boolean leadsTo() {
    int point = text.indexOf('.');
    String whole = digits(point);
    if (whole.isEmpty()) {
      return range.meets(range.min(), BigInteger.ONE.negate()); // only the minus
    }
    if (point >= 0) {
      String fraction = text.substring(point + 1);
      return meets(new BigInteger(whole + fraction), range.scale() - fraction.length());
    }
    int more = whole.equals("0") ? 0 : WHOLE_DIGITS_MAX - whole.length();
    for (int k = 0; k <= more; k++) {
      if (meets(new BigInteger(whole), range.scale() + k)) {
        return true;
      }
    }
    return false;
  }

  /// Whether an allowed number begins with `digits` and has `free` more units of digits.
  private boolean meets(BigInteger digits, int free) {
    BigInteger width = BigInteger.TEN.pow(free);
    BigInteger from = digits.multiply(width);
    BigInteger to = from.add(width).subtract(BigInteger.ONE);
    return text.startsWith("-") ? range.meets(to.negate(), from.negate()) : range.meets(from, to);
  }

  private String digits(int point) {
    int start = text.startsWith("-") ? 1 : 0;
    return text.substring(start, point < 0 ? text.length() : point);
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
