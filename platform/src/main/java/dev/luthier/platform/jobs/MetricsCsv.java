package dev.luthier.platform.jobs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.OptionalDouble;

/// The result file of a job: one line a step, five decimals at most, empty cells where a step had
/// no validation. Behind OpenAI's columns stand those that only the job's method has.
public final class MetricsCsv {
  public static final String FILE_NAME = "step_metrics.csv";
  private static final String HEADER =
      "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy";

  private MetricsCsv() {}

  public static String of(List<StepMetricsRecord> steps) {
    List<String> measures =
        steps.stream()
            .flatMap(step -> step.figures().keySet().stream())
            .distinct()
            .sorted()
            .toList();
    StringBuilder csv = new StringBuilder(HEADER);
    measures.forEach(name -> csv.append(',').append(name));
    csv.append('\n');
    for (StepMetricsRecord step : steps) {
      csv.append(step.step()).append(',');
      csv.append(number(step.trainLoss())).append(',');
      csv.append(number(step.trainMeanTokenAccuracy())).append(',');
      csv.append(cell(step.validLoss())).append(',');
      csv.append(cell(step.validMeanTokenAccuracy()));
      for (String name : measures) {
        Double mean = step.measures().get(name);
        csv.append(',').append(mean == null ? "" : number(mean));
      }
      csv.append('\n');
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
