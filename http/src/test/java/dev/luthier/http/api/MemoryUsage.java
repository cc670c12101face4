package dev.luthier.http.api;

import dev.luthier.platform.usage.UsageRecord;
import dev.luthier.platform.usage.UsageStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Usage in memory, one record a minute and model.
final class MemoryUsage implements UsageStore {
  private final List<UsageRecord> records = new ArrayList<>();

  @Override
  public synchronized void add(List<UsageRecord> minutes) {
    records.addAll(minutes);
  }

  @Override
  public synchronized List<UsageRecord> between(Instant from, Instant to, Duration width) {
    long seconds = width.toSeconds();
    return records.stream()
        .filter(record -> !record.start().isBefore(from) && record.start().isBefore(to))
        .map(record ->
            new UsageRecord(
                Instant.ofEpochSecond(record.start().getEpochSecond() / seconds * seconds),
                record.model(),
                record.batch(),
                record.tokens()))
        .toList();
  }

  @Override
  public void shorten(Instant before) {}
}
