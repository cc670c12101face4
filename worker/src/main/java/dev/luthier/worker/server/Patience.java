package dev.luthier.worker.server;

import java.time.Duration;

/// How long and how often a call is repeated while the server is away: waits double from `first` to
/// `most`, and after `total` the caller gives up.
public record Patience(Duration first, Duration most, Duration total) {
  /// A restart or an upgrade of the server must not cost a job.
  public static final Patience OF_TRAINERS =
      new Patience(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofMinutes(10));

  /// A trainer that has not enrolled has nothing to lose, and its job can be launched again.
  public static final Patience OF_ENROLMENT =
      new Patience(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(60));

  /// An inference process is started again in seconds, so it need not wait long.
  public static final Patience OF_INFERENCE =
      new Patience(Duration.ofMillis(200), Duration.ofSeconds(5), Duration.ofSeconds(60));

  public Patience {
    if (first.isNegative() || first.isZero() || most.compareTo(first) < 0 || total.isNegative()) {
      throw new IllegalArgumentException(
          "a patience needs 0 < first <= most and total >= 0, but is %s, %s, %s"
              .formatted(first, most, total));
    }
  }

  /// The wait before attempt `attempt + 1`; attempts count from 1.
  Duration wait(int attempt) {
    Duration doubled = first.multipliedBy(1L << Math.min(attempt - 1, 20));
    return doubled.compareTo(most) < 0 ? doubled : most;
  }
}
