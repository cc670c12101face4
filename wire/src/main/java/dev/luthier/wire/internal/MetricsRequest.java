package dev.luthier.wire.internal;

import java.util.List;

/// `POST job/metrics`: steps in rising order; one that the server has already is passed over, so a
/// request whose answer was lost may be sent again.
public record MetricsRequest(List<StepMetrics> steps) {
  /// The most steps of one request.
  public static final int STEPS_MAX = 256;

  public MetricsRequest {
    steps = List.copyOf(steps);
    if (steps.isEmpty() || steps.size() > STEPS_MAX) {
      throw new IllegalArgumentException(
          "steps must hold 1 to " + STEPS_MAX + " entries, but holds " + steps.size());
    }
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i).step() <= steps.get(i - 1).step()) {
        throw new IllegalArgumentException(
            "steps must rise, but step %d follows step %d"
                .formatted(steps.get(i).step(), steps.get(i - 1).step()));
      }
    }
  }
}
