package dev.luthier.platform.webhooks;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells endpoints what they are to be told, again and again until they take it or three days have
/// passed. A try that a crash cut short is made again: receivers know it by its id. Stepped by
/// [#tick], on one thread; [#once] is safe for many.
public final class WebhookSender {
  private static final List<Duration> WAITS =
      List.of(
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofMinutes(2),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          Duration.ofHours(1),
          Duration.ofHours(2),
          Duration.ofHours(4),
          Duration.ofHours(8),
          Duration.ofHours(12));

  /// After so long it is given up.
  static final Duration LONGEST = Duration.ofDays(3);

  private static final int AT_ONCE = 8;
  private static final String USER_AGENT = "OpenAI/1.0 (compatible; Luthier)";
  private static final Logger log = LoggerFactory.getLogger(WebhookSender.class);

  private final WebhookStore webhooks;
  private final WebhookTransport transport;
  private final Clock clock;

  public WebhookSender(WebhookStore webhooks, WebhookTransport transport, Clock clock) {
    this.webhooks = webhooks;
    this.transport = transport;
    this.clock = clock;
  }

  /// Sends what is due, a few at a time, and returns when all of those are answered or given up.
  ///
  /// @return whether anything was due, so that more may be
  public boolean tick() {
    List<WebhookDelivery> due = webhooks.due(clock.instant(), AT_ONCE);
    if (due.isEmpty()) {
      return false;
    }
    Map<String, WebhookEndpoint> endpoints =
        webhooks.endpoints().stream()
            .collect(Collectors.toMap(WebhookEndpoint::id, Function.identity()));
    List<Thread> sendings = new ArrayList<>();
    for (WebhookDelivery delivery : due) {
      Optional.ofNullable(endpoints.get(delivery.endpointId()))
          .ifPresent(endpoint ->
              sendings.add(
                  Thread.ofVirtual().name("webhook").start(() -> send(endpoint, delivery))));
    }
    try {
      for (Thread sending : sendings) {
        sending.join();
      }
    } catch (InterruptedException e) {
      sendings.forEach(Thread::interrupt);
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private void send(WebhookEndpoint endpoint, WebhookDelivery delivery) {
    var attempt = attempt(endpoint, delivery);
    if (attempt.succeeded()) {
      keep(delivery, attempt, WebhookDelivery.State.DELIVERED, Optional.empty());
      return;
    }
    int made = delivery.attempts().size() + 1;
    Instant next = clock.instant().plus(WAITS.get(Math.min(made, WAITS.size()) - 1));
    boolean hopeless = next.isAfter(delivery.createdAt().plus(LONGEST));
    log.info(
        "{} of {} was not taken by {} (try {}): {}",
        delivery.id(),
        delivery.type(),
        endpoint.id(),
        made,
        attempt.error().orElse("status " + attempt.status().orElse(0)));
    if (hopeless) {
      keep(delivery, attempt, WebhookDelivery.State.FAILED, Optional.empty());
    } else {
      keep(delivery, attempt, WebhookDelivery.State.PENDING, Optional.of(next));
    }
  }

  /// Tries once and leaves it at that.
  WebhookDelivery.Attempt once(WebhookEndpoint endpoint, WebhookDelivery delivery) {
    var attempt = attempt(endpoint, delivery);
    var state =
        attempt.succeeded() ? WebhookDelivery.State.DELIVERED : WebhookDelivery.State.FAILED;
    keep(delivery, attempt, state, Optional.empty());
    return attempt;
  }

  private void keep(
      WebhookDelivery delivery,
      WebhookDelivery.Attempt attempt,
      WebhookDelivery.State state,
      Optional<Instant> nextAt) {
    webhooks.attempted(delivery.id(), attempt, state, nextAt);
  }

  private WebhookDelivery.Attempt attempt(WebhookEndpoint endpoint, WebhookDelivery delivery) {
    Instant now = clock.instant();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("User-Agent", USER_AGENT);
    headers.put("Content-Type", "application/json");
    headers.put("webhook-id", delivery.id());
    headers.put("webhook-timestamp", Long.toString(now.getEpochSecond()));
    headers.put(
        "webhook-signature",
        WebhookSignature.of(endpoint.secrets(now), delivery.id(), now, delivery.body()));
    long start = System.nanoTime();
    OptionalInt status = OptionalInt.empty();
    Optional<String> error = Optional.empty();
    try {
      status = OptionalInt.of(transport.post(endpoint.url(), headers, delivery.body()));
    } catch (IOException e) {
      error = Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    return new WebhookDelivery.Attempt(now, millis, status, error);
  }
}
