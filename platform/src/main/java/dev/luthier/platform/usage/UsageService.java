package dev.luthier.platform.usage;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Tells how many tokens were used. Safe for many threads.
public final class UsageService {
  private static final Duration MINUTES_KEPT = Duration.ofDays(8);

  private final UsageMeter meter;
  private final UsageStore store;
  private final Clock clock;

  public UsageService(UsageMeter meter, UsageStore store, Clock clock) {
    this.meter = meter;
    this.store = store;
    this.clock = clock;
  }

  public UsageReport report(UsageQuery query) {
    meter.flush();
    long width = query.width().toSeconds();
    Instant first = floor(query.from(), width);
    long wanted =
        Math.ceilDiv(Math.max(0, query.to().getEpochSecond() - first.getEpochSecond()), width);
    int count = (int) Math.min(query.limit(), wanted);
    Instant end = first.plusSeconds(count * width);
    Map<Instant, Map<Group, TokensUsed>> sums = new LinkedHashMap<>();
    for (UsageRecord record : store.between(first, end, query.width())) {
      if (matches(query, record)) {
        sums.computeIfAbsent(record.start(), _ -> new LinkedHashMap<>())
            .merge(Group.of(query, record), record.tokens(), TokensUsed::plus);
      }
    }
    List<UsageReport.Stretch> stretches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Instant start = first.plusSeconds(i * width);
      List<UsageReport.Line> lines = new ArrayList<>();
      sums.getOrDefault(start, Map.of())
          .forEach((group, tokens) ->
              lines.add(new UsageReport.Line(group.model(), group.batch(), tokens)));
      stretches.add(new UsageReport.Stretch(start, start.plusSeconds(width), lines));
    }
    return new UsageReport(stretches, wanted > count ? Optional.of(end) : Optional.empty());
  }

  private static Instant floor(Instant time, long width) {
    return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), width) * width);
  }

  private static boolean matches(UsageQuery query, UsageRecord record) {
    return (query.models().isEmpty() || query.models().contains(record.model()))
        && query.batch().filter(wanted -> wanted != record.batch()).isEmpty();
  }

  private record Group(Optional<String> model, Optional<Boolean> batch) {
    static Group of(UsageQuery query, UsageRecord record) {
      return new Group(
          query.byModel() ? Optional.of(record.model()) : Optional.empty(),
          query.byBatch() ? Optional.of(record.batch()) : Optional.empty());
    }
  }

  /// Keeps only hours of what is older than a week. Cheap when there is nothing.
  public void purge() {
    store.shorten(clock.instant().minus(MINUTES_KEPT));
  }
}
