package dev.luthier.platform.usage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Usage, stretch by stretch.
///
/// @param next where the next report begins; empty when this is the last
public record UsageReport(List<Stretch> stretches, Optional<Instant> next) {
  public UsageReport {
    stretches = List.copyOf(stretches);
  }

  /// One stretch of time, with a line for each group; none when nothing was done.
  public record Stretch(Instant start, Instant end, List<Line> lines) {
    public Stretch {
      lines = List.copyOf(lines);
    }
  }

  /// One group.
  ///
  /// @param model of it; empty when models are not told apart
  /// @param batch of it; empty when batches are not told apart
  public record Line(Optional<String> model, Optional<Boolean> batch, TokensUsed tokens) {}
}
