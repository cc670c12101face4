package dev.luthier.app.serve;

import dev.luthier.gateway.SocketWebhookTransport;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.platform.webhooks.WebhookSender;
import dev.luthier.platform.webhooks.WebhookService;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlWebhookStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// Webhooks: who is told of events, and who tells them.
final class WebhookParts {
  private static final Duration TICK = Duration.ofSeconds(1);

  private final WebhookSender sender;
  private final WebhookService service;

  WebhookParts(Database database, WebhookReach reach, SecureRandom random, Clock clock) {
    var rows = new SqlWebhookStore(database);
    sender = new WebhookSender(rows, new SocketWebhookTransport(reach), clock);
    service = new WebhookService(rows, sender, reach, database, random, clock);
  }

  WebhookService service() {
    return service;
  }

  /// Tells what is due, until it is closed.
  Pulse start() {
    return new Pulse("webhooks", TICK, List.of(sender::tick));
  }
}
