package dev.luthier.platform.webhooks;

import dev.luthier.platform.Happenings;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.JsonNodeFactory;

/// Keeps who is told of events, and writes down what they are to be told. Safe for many threads.
public final class WebhookService implements Happenings {
  private static final int ENDPOINTS_MAX = 50;
  private static final Duration EARLIER_SECRET = Duration.ofHours(24);
  private static final Duration KEPT = Duration.ofDays(30);

  private final WebhookStore webhooks;
  private final WebhookSender sender;
  private final WebhookReach reach;
  private final Transactions transactions;
  private final SecureRandom random;
  private final Identifiers identifiers;
  private final Clock clock;

  /// @param random draws secrets and ids
  public WebhookService(
      WebhookStore webhooks,
      WebhookSender sender,
      WebhookReach reach,
      Transactions transactions,
      SecureRandom random,
      Clock clock) {
    this.webhooks = webhooks;
    this.sender = sender;
    this.reach = reach;
    this.transactions = transactions;
    this.random = random;
    this.identifiers = new Identifiers(random);
    this.clock = clock;
  }

  /// Its secret is told by who made it, once.
  public WebhookEndpoint create(WebhookSettings settings) {
    check(settings);
    Instant now = clock.instant();
    var endpoint =
        new WebhookEndpoint(
            identifiers.webhookEndpoint(),
            now,
            now,
            settings.name(),
            settings.url(),
            settings.eventTypes(),
            WebhookSignature.newSecret(random),
            Optional.empty());
    return transactions.call(() -> {
      int there = webhooks.endpoints().size();
      if (there >= ENDPOINTS_MAX) {
        throw refused(
            "There are %d webhook endpoints, and there may be %d. Delete one first."
                .formatted(there, ENDPOINTS_MAX),
            "url");
      }
      webhooks.insert(endpoint);
      return endpoint;
    });
  }

  private void check(WebhookSettings settings) {
    URI url = settings.url();
    if (url.getHost() == null
        || url.getRawUserInfo() != null
        || !List.of("http", "https").contains(url.getScheme())) {
      throw refused(
          "The url must be an http or https address without a user, such as https://example.com/hook.",
          "url");
    }
    try {
      Arrays.stream(InetAddress.getAllByName(url.getHost()))
          .flatMap(address -> reach.objection(address).stream())
          .findFirst()
          .ifPresent(objection -> {
            throw refused("This url is refused: %s.".formatted(objection), "url");
          });
    } catch (UnknownHostException _) {
      // It may be known when there is something to tell; every sending looks again.
    }
  }

  /// All, newest first.
  public List<WebhookEndpoint> list() {
    return webhooks.endpoints();
  }

  public WebhookEndpoint get(String id) {
    return webhooks.endpoints().stream()
        .filter(endpoint -> endpoint.id().equals(id))
        .findFirst()
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.NOT_FOUND,
                "No such webhook endpoint: " + ApiException.shown(id),
                Optional.of("webhook_endpoint_id")));
  }

  public WebhookEndpoint update(String id, WebhookSettings settings) {
    check(settings);
    return transactions.call(() -> {
      var old = get(id);
      var updated =
          new WebhookEndpoint(
              id,
              old.createdAt(),
              clock.instant(),
              settings.name(),
              settings.url(),
              settings.eventTypes(),
              old.secret(),
              old.earlier());
      webhooks.update(updated);
      return updated;
    });
  }

  /// Gives an endpoint another secret.
  ///
  /// @param keepOld whether the old one signs too, for a day
  public WebhookEndpoint rotate(String id, boolean keepOld) {
    return transactions.call(() -> {
      var old = get(id);
      Instant now = clock.instant();
      var rotated =
          new WebhookEndpoint(
              id,
              old.createdAt(),
              now,
              old.name(),
              old.url(),
              old.eventTypes(),
              WebhookSignature.newSecret(random),
              keepOld
                  ? Optional.of(
                      new WebhookEndpoint.EarlierSecret(old.secret(), now.plus(EARLIER_SECRET)))
                  : Optional.empty());
      webhooks.update(rotated);
      return rotated;
    });
  }

  public void delete(String id) {
    if (!webhooks.delete(get(id).id())) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "No such webhook endpoint: " + id,
          Optional.of("webhook_endpoint_id"));
    }
  }

  /// Sends an event of nothing, once, now; what came of it stands among the deliveries.
  ///
  /// @return the status that was answered
  public int test(String id, String type) {
    var endpoint = get(id);
    var delivery = delivery(endpoint, type, WebhookEvents.sampleId(type), Optional.empty());
    webhooks.insertDelivery(delivery);
    var attempt = sender.once(endpoint, delivery);
    return attempt
        .status()
        .orElseThrow(() ->
            refused(
                "%s does not answer: %s."
                    .formatted(endpoint.url(), attempt.error().orElse("no reason is known")),
                "webhook_endpoint_id"));
  }

  /// What an endpoint was told or is to be told, newest first.
  public Page<WebhookDelivery> deliveries(String id, PageRequest page) {
    return webhooks
        .deliveries(get(id).id(), page)
        .map(rows -> Page.cut(rows, page.limit()))
        .orElseThrow(() ->
            ApiException.invalidValue(
                "after",
                ApiException.shown(page.after().orElse("")),
                "It is not the id of an entry of this list."));
  }

  @Override
  public void happened(String type, String thingId) {
    for (var endpoint : webhooks.endpoints()) {
      if (endpoint.eventTypes().contains(type)) {
        webhooks.insertDelivery(delivery(endpoint, type, thingId, Optional.of(clock.instant())));
      }
    }
  }

  private WebhookDelivery delivery(
      WebhookEndpoint endpoint, String type, String thingId, Optional<Instant> due) {
    Instant now = clock.instant();
    var body =
        JsonNodeFactory.instance
            .objectNode()
            .put("object", "event")
            .put("id", identifiers.webhookEvent())
            .put("type", type)
            .put("created_at", now.getEpochSecond());
    body.putObject("data").put("id", thingId);
    return new WebhookDelivery(
        identifiers.webhookDelivery(),
        endpoint.id(),
        type,
        body.toString(),
        now,
        WebhookDelivery.State.PENDING,
        due,
        List.of());
  }

  /// Forgets deliveries after a month.
  public void purge() {
    webhooks.purge(clock.instant().minus(KEPT));
  }

  private static ApiException refused(String message, String param) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.of(param));
  }
}
