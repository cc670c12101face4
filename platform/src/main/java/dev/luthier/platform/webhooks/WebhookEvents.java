package dev.luthier.platform.webhooks;

import java.util.List;

/// The events that endpoints can be told of.
public final class WebhookEvents {
  public static final List<String> TYPES =
      List.of(
          "fine_tuning.job.succeeded",
          "fine_tuning.job.failed",
          "fine_tuning.job.cancelled",
          "batch.completed",
          "batch.failed",
          "batch.expired",
          "batch.cancelled",
          "eval.run.succeeded",
          "eval.run.failed",
          "eval.run.canceled",
          "response.completed",
          "response.failed",
          "response.cancelled",
          "response.incomplete");

  private WebhookEvents() {}

  /// The id of nothing, as a test sends it.
  static String sampleId(String type) {
    String kind = type.substring(0, type.lastIndexOf('.'));
    return switch (kind) {
      case "fine_tuning.job" -> "ftjob-test";
      case "batch" -> "batch_test";
      case "eval.run" -> "evalrun_test";
      default -> "resp_test";
    };
  }
}
