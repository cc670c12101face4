package dev.luthier.platform.jobs;

/// What an event carries beside its text.
public sealed interface EventData {
  /// `"data": null`.
  record None() implements EventData {}

  /// `"data": {}`.
  record Empty() implements EventData {}

  /// A step's figures; makes the event's `type` `metrics`, all others are `message`.
  record Metrics(StepMetricsRecord metrics) implements EventData {}
}
