package dev.luthier.platform.jobs;

import java.util.Locale;
import java.util.Optional;

/// The sentences of a job's events. Scripts cut numbers out of them and compare them whole, so the
/// first group stands letter for letter as OpenAI writes it; the second is ours.
public final class EventTexts {
  public static final String VALIDATED = "Files validated, moving job to queued state";
  public static final String STARTED = "Fine-tuning job started";
  public static final String COMPLETED = "The job has successfully completed";
  public static final String CANCELLED = "Fine-tuning job cancelled";
  public static final String PAUSED = "Fine-tuning job paused";
  public static final String PUT_FIRST = "Fine-tuning job put first in the queue";
  public static final String RESUMED = "Fine-tuning job resumed";

  private EventTexts() {}

  /// A job that waits was moved.
  ///
  /// @param place in the queue, 1 is the next
  public static String moved(int place) {
    return place == 1 ? PUT_FIRST : "Fine-tuning job put at place " + place + " in the queue";
  }

  public static String created(String jobId) {
    return "Created fine-tuning job: " + jobId;
  }

  public static String validating(String trainingFile, Optional<String> validationFile) {
    return "Validating training file: "
        + trainingFile
        + validationFile.map(file -> " and validation file: " + file).orElse("");
  }

  /// `Step 300/300: training loss=0.15, validation loss=0.27, full validation loss=0.40`; where
  /// answers are rewarded, `Step 10/20 , train mean reward=0.42`.
  public static String step(StepMetricsRecord metrics) {
    if (metrics.isRewarded()) {
      return rewarded(metrics);
    }
    StringBuilder text =
        new StringBuilder()
            .append("Step %d/%d".formatted(metrics.step(), metrics.totalSteps()))
            .append(": training loss=")
            .append(twoDecimals(metrics.trainLoss()));
    metrics
        .validLoss()
        .ifPresent(loss -> text.append(", validation loss=").append(twoDecimals(loss)));
    metrics
        .fullValidLoss()
        .ifPresent(loss -> text.append(", full validation loss=").append(twoDecimals(loss)));
    return text.toString();
  }

  /// The blank before the comma is OpenAI's.
  private static String rewarded(StepMetricsRecord metrics) {
    StringBuilder text =
        new StringBuilder("Step %d/%d ".formatted(metrics.step(), metrics.totalSteps()));
    rewarded(text, "train mean reward", metrics.measure(StepMetricsRecord.TRAIN_REWARD));
    rewarded(
        text, "full validation mean reward", metrics.measure(StepMetricsRecord.HELD_OUT_REWARD));
    rewarded(
        text, "full validation mean parse error", metrics.measure("full_valid_mean_parse_error"));
    return text.toString();
  }

  private static void rewarded(StringBuilder text, String what, Optional<Double> mean) {
    mean.ifPresent(value -> text.append(", ").append(what).append('=').append(twoDecimals(value)));
  }

  public static String checkpoint(int step, String modelName) {
    return "Checkpoint created at step " + step + " with Snapshot ID: " + modelName;
  }

  /// Of a job whose loss over the validation file got no better.
  public static String stoppedEarly(int step, int totalSteps, Extensions.EarlyStopping rule) {
    return "Stopped early after step %d of %d: the full validation loss was not lower by more than %s in %d %s"
        .formatted(
            step,
            totalSteps,
            rule.minDelta(),
            rule.patience(),
            rule.patience() == 1 ? "epoch" : "epochs in a row");
  }

  /// Of a job whose model is the checkpoint with the lowest loss.
  public static String keptBest(Checkpoint best) {
    return String.format(
        Locale.ROOT,
        "Keeping the checkpoint of step %d (epoch %d), whose full validation loss of %.4f is the lowest",
        best.stepNumber(),
        best.epoch(),
        best.metrics().fullValidLoss().orElse(Double.NaN));
  }

  public static String modelCreated(String modelName) {
    return "New fine-tuned model created: " + modelName;
  }

  /// `reason` is a clause: what happened to the trainer.
  public static String putBack(String reason, JobRun run) {
    return reason
        + "; the job is queued again and "
        + run.resume()
            .map(point -> "goes on from step " + point.step())
            .orElse("starts again from the first step");
  }

  /// `reason` is a clause, as in [#putBack], of a job that was paused before.
  public static String staysPaused(String reason, JobRun run) {
    return reason
        + "; the job is paused and, when it is resumed, "
        + run.resume()
            .map(point -> "goes on from step " + point.step())
            .orElse("starts again from the first step");
  }

  private static String twoDecimals(double loss) {
    return String.format(Locale.ROOT, "%.2f", loss);
  }
}
