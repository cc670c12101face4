package dev.luthier.platform.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Port: what models did, minute by minute. Safe for many threads; see `Transactions` for
/// durability.
public interface UsageStore {
  /// Adds to what is there of the same minute, model and kind.
  void add(List<UsageRecord> minutes);

  /// What was done from an instant to another (exclusive), added up in stretches of a width that
  /// begin at its multiples since 1970; oldest first.
  List<UsageRecord> between(Instant from, Instant to, Duration width);

  /// Adds up the minutes of whole hours before an instant.
  void shorten(Instant before);
}
