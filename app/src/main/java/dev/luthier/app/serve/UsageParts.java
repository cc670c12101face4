package dev.luthier.app.serve;

import dev.luthier.platform.Pulse;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.usage.UsageMeter;
import dev.luthier.platform.usage.UsageService;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlUsageStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The count of tokens, written every few seconds and when it is closed.
final class UsageParts implements AutoCloseable {
  private static final Duration TICK = Duration.ofSeconds(5);

  private final UsageMeter meter;
  private final UsageService service;
  private final Pulse pulse;

  UsageParts(Inference inference, Database database, Clock clock) {
    var rows = new SqlUsageStore(database);
    meter = new UsageMeter(inference, rows, clock);
    service = new UsageService(meter, rows, clock);
    pulse = new Pulse("usage", TICK, List.of(meter::flush, service::purge));
  }

  /// What counts.
  UsageMeter meter() {
    return meter;
  }

  UsageService service() {
    return service;
  }

  @Override
  public void close() {
    pulse.close();
    meter.close();
  }
}
