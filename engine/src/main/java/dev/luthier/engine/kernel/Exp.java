package dev.luthier.engine.kernel;

/// The exponential function of the kernels; vector code writes the same steps out.
///
/// exp(x) = 2^n * exp(r) with n = round(x / ln 2) and r = x - n ln 2, so |r| <= ln(2) / 2. Adding
/// [#MAGIC] rounds and leaves n in the low bits; shifted to the exponent's place it is added to the
/// bits of exp(r), the polynomial 1 + r + r^2 (C2 + C3 r + C4 r^2 + C5 r^3 + C6 r^4). Its relative
/// error is below 3.1e-9, that of the whole below 1e-7. (Coefficients: minimax of the relative
/// error, found by exchange.)
///
/// Valid for x from -87 to 88; callers put what lies outside right. Below -87 the result would be
/// denormal, which costs a hundred times the time.
public final class Exp {
  public static final float LOG2_E = 0x1.715476p0f;

  /// 1.5 * 2^23.
  public static final float MAGIC = 0x1.8p23f;

  /// ln 2 = LN2_HIGH + LN2_LOW. Results of 16 bits can do without the low part.
  public static final float LN2_HIGH = 0x1.62e430p-1f;

  public static final float LN2_LOW = -0x1.05c610p-29f;
  public static final float C2 = 0x1.fffffcp-2f;
  public static final float C3 = 0x1.555492p-3f;
  public static final float C4 = 0x1.5558f2p-5f;
  public static final float C5 = 0x1.1239e2p-7f;
  public static final float C6 = 0x1.6a2434p-10f;

  /// Where the exponent of a fp32 begins.
  public static final int EXPONENT = 23;

  private Exp() {}

  /// exp(x) with the steps of the vector code; 0 below -87.
  static float of(float x) {
    if (x < -87) {
      return 0;
    }
    float t = Math.fma(x, LOG2_E, MAGIC);
    float n = t - MAGIC;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
    float p = Math.fma(Math.fma(C6, r, C5), r, C4);
    p = Math.fma(Math.fma(p, r, C3), r, C2);
    p = Math.fma(Math.fma(p, r, 1), r, 1);
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(p) + (Float.floatToRawIntBits(t) << EXPONENT));
  }

  /// 1 / (1 + exp(-x)) for any x.
  static float sigmoid(float x) {
    return 1 / (1 + of(Math.clamp(-x, -87, 87)));
  }
}
