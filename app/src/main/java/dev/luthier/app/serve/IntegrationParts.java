package dev.luthier.app.serve;

import dev.luthier.app.config.Config;
import dev.luthier.gateway.WandbTracker;
import dev.luthier.platform.Bell;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.integrations.JobIntegrations;
import dev.luthier.platform.integrations.Tracker;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.store.folder.FolderIntegrationStore;
import dev.luthier.store.sql.Database;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/// Brings figures to TensorBoard and Weights & Biases, on a thread of its own, which may wait.
final class IntegrationParts implements AutoCloseable {
  private static final Pulse.Rhythm RHYTHM =
      new Pulse.Rhythm(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private final Optional<WandbTracker> wandb;
  private final Pulse pulse;

  /// What it reads and writes.
  ///
  /// @param moved rung when a job has come or gone on
  record Rows(Database database, JobStore jobs, EventStore events, JobLedger ledger, Bell moved) {}

  IntegrationParts(Config config, DataFolder data, Rows rows, Clock clock) throws IOException {
    wandb =
        config
            .wandbUrl()
            .flatMap(url -> config.wandbApiKey().map(key -> new WandbTracker(url, key)));
    var integrations =
        new JobIntegrations(
            new JobIntegrations.Collaborators(
                rows.jobs(),
                rows.events(),
                rows.ledger(),
                new FolderIntegrationStore(
                    data.resolve("integrations"), data.resolve("tensorboard")),
                wandb.map(Tracker.class::cast),
                rows.database()),
            clock);
    pulse = new Pulse("integrations", rows.moved(), RHYTHM, integrations::tick);
  }

  @Override
  public void close() {
    pulse.close();
    wandb.ifPresent(WandbTracker::close);
  }
}
