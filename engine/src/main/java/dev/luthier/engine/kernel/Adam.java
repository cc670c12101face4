package dev.luthier.engine.kernel;

/// Adam with bias correction (Kingma and Ba 2015) on flat fp32 arrays in one pass: betas 0.9 and
/// 0.999, epsilon 1e-8, no weight decay.
public final class Adam {
  private Adam() {}

  /// The update of a step (1-based) from g = gradient * gradientFactor: first = 0.9 first + 0.1 g;
  /// second = 0.999 second + 0.001 g^2; parameters -= learningRate / (1 - 0.9^step) * first /
  /// (sqrt(second / (1 - 0.999^step)) + epsilon). All fp32 [count]; the gradient is left as it is.
  ///
  /// Gradients below 1e-17 and first moments below 1e-30 count as zero: they move nothing, and
  /// denormal numbers would make the pass many times slower.
  public static void update(
      long parameters,
      long first,
      long second,
      long gradient,
      long count,
      int step,
      double learningRate,
      float gradientFactor) {
    Lanes.unfinished(parameters);
  }
}
