package dev.luthier.app.serve;

import dev.luthier.app.config.Config;
import dev.luthier.gateway.SocketWebhookTransport;
import dev.luthier.http.api.UsageResource;
import dev.luthier.http.api.WebhookResource;
import dev.luthier.platform.Bell;
import dev.luthier.platform.Happenings;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.chat.InteractiveFirst;
import dev.luthier.platform.usage.UsageMeter;
import dev.luthier.platform.usage.UsageService;
import dev.luthier.platform.webhooks.WebhookSender;
import dev.luthier.platform.webhooks.WebhookService;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlUsageStore;
import dev.luthier.store.sql.SqlWebhookStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// What goes on while nobody waits for it: webhooks are told, tokens are counted.
final class BackgroundParts implements AutoCloseable {
  /// Idle, for those who did not answer and are told once more.
  private static final Pulse.Rhythm TELLING =
      new Pulse.Rhythm(Duration.ofSeconds(1), Duration.ofSeconds(5));

  private static final Duration COUNTING = Duration.ofSeconds(5);

  private final Bell posted = new Bell();
  private final WebhookSender sender;
  private final WebhookService webhooks;
  private final UsageMeter meter;
  private final UsageService usage;
  private final UsageResource usageResource;

  BackgroundParts(Config config, Database database, SecureRandom random, Clock clock) {
    var reach = config.webhookAddresses();
    var rows = new SqlWebhookStore(database, posted);
    sender = new WebhookSender(rows, new SocketWebhookTransport(reach), clock);
    webhooks = new WebhookService(rows, sender, reach, database, random, clock);
    var usageRows = new SqlUsageStore(database);
    meter = new UsageMeter(usageRows, clock);
    usage = new UsageService(meter, usageRows, clock);
    usageResource = new UsageResource(usage, config.prices(), clock);
  }

  /// Who writes down what webhooks are to be told.
  Happenings happenings() {
    return webhooks;
  }

  /// Generations, counted, those that have time behind the others.
  InteractiveFirst answers(Inference inference) {
    return new InteractiveFirst(meter.over(inference));
  }

  WebhookResource webhookResource() {
    return new WebhookResource(webhooks);
  }

  UsageResource usageResource() {
    return usageResource;
  }

  /// Tells and counts until what it adds to `closing` is closed.
  void start(Closing closing) {
    closing.add(new Pulse("webhooks", posted, TELLING, sender::tick));
    closing.add(new Pulse("usage", COUNTING, List.of(meter::flush)));
  }

  /// Removes what is too old. Cheap when there is nothing.
  void purge() {
    webhooks.purge();
    usage.purge();
  }

  /// Writes what was counted last.
  @Override
  public void close() {
    meter.flush();
  }
}
