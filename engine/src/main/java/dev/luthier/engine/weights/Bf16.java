package dev.luthier.engine.weights;

/// The upper half of a single-precision number.
public final class Bf16 {
  private Bf16() {}

  /// Rounds to nearest, ties to even; a NaN stays a (quiet) NaN.
  public static short of(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }

  public static float toFloat(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
