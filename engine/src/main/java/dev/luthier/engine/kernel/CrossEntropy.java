package dev.luthier.engine.kernel;

/// The loss of the next token from fp32 logits: log(sum(exp(logits))) - logits[target] a row.
///
/// Sums are taken in one fixed order. A NaN among the logits makes the row's log-sum and loss NaN.
public final class CrossEntropy {
  private CrossEntropy() {}

  /// For logits [rows,columns] and targets int32 [rows]: the log of each row's sum of exponentials
  /// (fp32 [rows]), its loss (fp32 [rows]) and the first index of its largest logit (int32 [rows];
  /// -1 in a row of NaN).
  public static void forward(
      long logSums,
      long losses,
      long argmaxes,
      long logits,
      long stride,
      long targets,
      int rows,
      int columns) {
    Lanes.unfinished(logSums);
  }

  /// gradient [rows,columns] in bf16 = (softmax(logits) - onehot(target)) * factor, from the
  /// log-sums that [#forward] left. gradient may overlay the logits, when a row of it begins where
  /// the row of logits does.
  public static void backward(
      long gradient,
      long gradientStride,
      long logits,
      long stride,
      long logSums,
      long targets,
      int rows,
      int columns,
      float factor) {
    Lanes.unfinished(gradient);
  }

  /// The largest of logits [columns]; NaN are passed over.
  public static float max(long logits, int columns) {
    Lanes.unfinished(logits);
    return 0;
  }

  /// The first index of a value in logits [columns], or -1.
  public static int indexOf(long logits, int columns, float value) {
    Lanes.unfinished(logits);
    return 0;
  }

  /// log(sum(exp(logits))) of logits [columns], of which `max` is the largest.
  public static float logSumExp(long logits, int columns, float max) {
    Lanes.unfinished(logits);
    return 0;
  }
}
