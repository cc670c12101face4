package dev.luthier.engine.weights;

/// The one place where sizes that a file claims are multiplied and added: a result that does not
/// fit 63 bits is reported, never wrapped around.
final class ExactSize {
  /// What an overflow is answered with; larger than any file, so that every comparison with a
  /// length fails.
  static final long TOO_LARGE = Long.MAX_VALUE;

  private ExactSize() {}

  /// a * b of two sizes that are not negative.
  static long times(long a, long b) {
    if (a < 0 || b < 0) {
      return TOO_LARGE;
    }
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    return high != 0 || low < 0 ? TOO_LARGE : low;
  }

  /// a + b of two sizes that are not negative.
  static long plus(long a, long b) {
    if (a < 0 || b < 0) {
      return TOO_LARGE;
    }
    long sum = a + b;
    return sum < 0 ? TOO_LARGE : sum;
  }

  static long elements(long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements = times(elements, dimension);
    }
    return elements;
  }
}
