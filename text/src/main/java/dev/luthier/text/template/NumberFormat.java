package dev.luthier.text.template;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/// Digits of numbers in the forms that Python's two format languages share.
final class NumberFormat {
  private static final int PRECISION_MAX = 1_000;

  private NumberFormat() {}

  static String fixed(double value, int precision) {
    if (!Double.isFinite(value)) {
      return PythonText.real(value);
    }
    BigDecimal rounded = new BigDecimal(value).setScale(checked(precision), RoundingMode.HALF_EVEN);
    boolean minusZero = rounded.signum() == 0 && Double.compare(value, 0.0) < 0;
    return (minusZero ? "-" : "") + rounded.toPlainString();
  }

  static String scientific(double value, int precision) {
    if (!Double.isFinite(value)) {
      return PythonText.real(value);
    }
    BigDecimal exact = new BigDecimal(value);
    String sign = Double.compare(value, 0.0) < 0 ? "-" : "";
    BigDecimal rounded =
        exact
            .abs()
            .round(new java.math.MathContext(checked(precision) + 1, RoundingMode.HALF_EVEN));
    int exponent = rounded.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String mantissa =
        rounded
            .scaleByPowerOfTen(-exponent)
            .setScale(precision, RoundingMode.HALF_EVEN)
            .toPlainString();
    return sign + mantissa + "e%s%02d".formatted(exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  static String general(double value, int precision) {
    if (!Double.isFinite(value)) {
      return PythonText.real(value);
    }
    int digits = Math.max(1, checked(precision));
    String scientific = scientific(value, digits - 1);
    int exponent =
        Integer.parseInt(scientific, scientific.indexOf('e') + 1, scientific.length(), 10);
    if (exponent < -4 || exponent >= digits) {
      int e = scientific.indexOf('e');
      return withoutZeros(scientific.substring(0, e)) + scientific.substring(e);
    }
    return withoutZeros(fixed(value, digits - 1 - exponent));
  }

  private static String withoutZeros(String number) {
    return number.indexOf('.') < 0 ? number : number.replaceAll("\\.?0+$", "");
  }

  static String integer(BigInteger value, char type) {
    return switch (type) {
      case 'x' -> value.toString(16);
      case 'X' -> value.toString(16).toUpperCase(Locale.ROOT);
      case 'o' -> value.toString(8);
      case 'b' -> value.toString(2);
      default -> PythonText.integer(new Value.Int(value, Text.TEMPLATE));
    };
  }

  static int checked(int precision) {
    if (precision > PRECISION_MAX) {
      throw new Refusal(
          "a precision of %d digits exceeds the limit of %d".formatted(precision, PRECISION_MAX));
    }
    return precision;
  }
}
