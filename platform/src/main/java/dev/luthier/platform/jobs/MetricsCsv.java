package dev.luthier.platform.jobs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;

/// The result file of a job: one line a step, five decimals at most, empty cells where a step had
/// no validation.
public final class MetricsCsv {
  public static final String FILE_NAME = "step_metrics.csv";
  private static final String HEADER =
      "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n";

  private MetricsCsv() {}

  public static String of(List<StepMetricsRecord> steps) {
    StringBuilder csv = new StringBuilder(HEADER);
    for (StepMetricsRecord step : steps) {
      csv.append(step.step()).append(',');
      csv.append(number(step.trainLoss())).append(',');
      csv.append(number(step.trainMeanTokenAccuracy())).append(',');
      csv.append(cell(step.validLoss())).append(',');
      csv.append(cell(step.validMeanTokenAccuracy())).append('\n');
    }
    return csv.toString();
  }

  private static String cell(OptionalDouble value) {
    return value.isPresent() ? number(value.getAsDouble()) : "";
  }

  private static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).setScale(5, RoundingMode.HALF_EVEN);
    String text = rounded.stripTrailingZeros().toPlainString();
    return text.contains(".") ? text : text + ".0";
  }
}
