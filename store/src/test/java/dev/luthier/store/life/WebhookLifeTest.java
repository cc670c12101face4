package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.webhooks.WebhookDelivery;
import dev.luthier.platform.webhooks.WebhookEndpoint;
import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.platform.webhooks.WebhookSender;
import dev.luthier.platform.webhooks.WebhookService;
import dev.luthier.platform.webhooks.WebhookSettings;
import dev.luthier.platform.webhooks.WebhookSignature;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlWebhookStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Webhooks from an event to its last try, on real rows, over a line that is played here.
class WebhookLifeTest {
  private static final URI URL = URI.create("http://127.0.0.1:9/hook");
  private static final String DONE = "batch.completed";

  private record Sent(URI url, Map<String, String> headers, String body) {
    String header(String name) {
      return Objects.requireNonNull(headers.get(name), name);
    }
  }

  private final SetClock clock = new SetClock();
  private final List<Sent> sent = Collections.synchronizedList(new ArrayList<>());
  private final Deque<Integer> answers = new ArrayDeque<>();

  @TempDir Path folder;
  private Database database;
  private WebhookSender sender;
  private WebhookService webhooks;

  @BeforeEach
  void open() {
    database = Database.open(folder.resolve("luthier.db"), clock);
    var rows = new SqlWebhookStore(database);
    sender = new WebhookSender(rows, this::post, clock);
    webhooks =
        new WebhookService(rows, sender, WebhookReach.PRIVATE, database, new SecureRandom(), clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  /// The next answer; 0: nobody is there.
  private synchronized int post(URI url, Map<String, String> headers, String body)
      throws IOException {
    sent.add(new Sent(url, Map.copyOf(headers), body));
    int answer = answers.isEmpty() ? 200 : answers.pop();
    if (answer == 0) {
      throw new IOException("nobody is there");
    }
    return answer;
  }

  private WebhookEndpoint endpoint() {
    return webhooks.create(new WebhookSettings("mine", URL, List.of(DONE)));
  }

  private List<WebhookDelivery> deliveries(WebhookEndpoint endpoint) {
    return webhooks.deliveries(endpoint.id(), PageRequest.first(100)).data();
  }

  @Test
  void anEventIsToldSignedToWhoAskedForIt() {
    var endpoint = endpoint();
    var other = webhooks.create(new WebhookSettings("other", URL, List.of("batch.failed")));
    webhooks.happened(DONE, "batch_1");
    sender.tick();
    assertEquals(1, sent.size());
    var told = sent.getFirst();
    var body = JsonMapper.shared().readTree(told.body());
    assertEquals("event", body.get("object").asString());
    assertEquals(DONE, body.get("type").asString());
    assertEquals("batch_1", body.get("data").get("id").asString());
    assertTrue(body.get("id").asString().startsWith("evt_"));
    assertEquals(clock.instant().getEpochSecond(), body.get("created_at").asLong());
    assertEquals(
        WebhookSignature.of(
            List.of(endpoint.secret()),
            told.header("webhook-id"),
            Instant.ofEpochSecond(Long.parseLong(told.header("webhook-timestamp"))),
            told.body()),
        told.header("webhook-signature"));
    assertEquals(WebhookDelivery.State.DELIVERED, deliveries(endpoint).getFirst().state());
    assertEquals(List.of(), deliveries(other));
    sender.tick();
    assertEquals(1, sent.size(), "it was told twice");
  }

  @Test
  void whatIsNotTakenIsTriedAgainLaterAndLater() {
    var endpoint = endpoint();
    answers.addAll(List.of(500, 301, 0, 204));
    webhooks.happened(DONE, "batch_1");
    for (long wait : List.of(0L, 5L, 30L, 120L)) {
      int before = sent.size();
      if (wait > 0) {
        clock.pass(Duration.ofSeconds(wait - 1));
        sender.tick();
        assertEquals(before, sent.size(), "too early");
        clock.pass(Duration.ofSeconds(1));
      }
      sender.tick();
      assertEquals(before + 1, sent.size());
    }
    assertEquals(1, sent.stream().map(told -> told.header("webhook-id")).distinct().count());
    var delivery = deliveries(endpoint).getFirst();
    assertEquals(WebhookDelivery.State.DELIVERED, delivery.state());
    assertEquals(
        List.of(OptionalInt.of(500), OptionalInt.of(301), OptionalInt.empty(), OptionalInt.of(204)),
        delivery.attempts().stream().map(WebhookDelivery.Attempt::status).toList());
    assertEquals("nobody is there", delivery.attempts().get(2).error().orElseThrow());
  }

  @Test
  void afterThreeDaysItIsGivenUp() {
    var endpoint = endpoint();
    answers.addAll(Collections.nCopies(100, 500));
    webhooks.happened(DONE, "batch_1");
    for (int hour = 0; hour < 24 * 4; hour++) {
      sender.tick();
      clock.pass(Duration.ofHours(1));
    }
    var delivery = deliveries(endpoint).getFirst();
    assertEquals(WebhookDelivery.State.FAILED, delivery.state());
    int tries = delivery.attempts().size();
    assertTrue(tries > 10 && tries < 30, () -> tries + " tries");
    var last = Duration.between(delivery.createdAt(), delivery.attempts().getLast().at());
    assertTrue(last.toHours() >= 54 && last.toHours() <= 72, last::toString);
  }

  @Test
  void aTestIsSentAtOnceAndOnce() {
    var endpoint = endpoint();
    answers.add(418);
    assertEquals(418, webhooks.test(endpoint.id(), "eval.run.canceled"));
    sender.tick();
    assertEquals(1, sent.size());
    assertEquals(WebhookDelivery.State.FAILED, deliveries(endpoint).getFirst().state());
    answers.add(0);
    assertThrows(ApiException.class, () -> webhooks.test(endpoint.id(), DONE));
  }

  @Test
  void anEarlierSecretSignsForADay() {
    var endpoint = endpoint();
    var rotated = webhooks.rotate(endpoint.id(), true);
    assertFalse(rotated.secret().equals(endpoint.secret()));
    webhooks.test(endpoint.id(), DONE);
    assertEquals(2, sent.getLast().header("webhook-signature").split(" ", -1).length);
    clock.pass(Duration.ofHours(25));
    webhooks.test(endpoint.id(), DONE);
    assertEquals(1, sent.getLast().header("webhook-signature").split(" ", -1).length);
    webhooks.rotate(endpoint.id(), false);
    assertTrue(webhooks.get(endpoint.id()).earlier().isEmpty());
  }

  @Test
  void addressesOutsideAreRefusedAndSoAreOnesThatAreNone() {
    for (var url :
        List.of(
            "https://8.8.8.8/hook",
            "http://169.254.169.254/latest",
            "ftp://127.0.0.1/",
            "http://me@127.0.0.1/",
            "mailto:me")) {
      var settings = new WebhookSettings("x", URI.create(url), List.of(DONE));
      assertThrows(ApiException.class, () -> webhooks.create(settings), url);
    }
  }

  @Test
  void aDeletedEndpointIsToldNothing() {
    var endpoint = endpoint();
    webhooks.happened(DONE, "batch_1");
    webhooks.delete(endpoint.id());
    sender.tick();
    assertEquals(List.of(), sent);
    assertThrows(ApiException.class, () -> webhooks.get(endpoint.id()));
  }

  @Test
  void whatIsRolledBackIsNotTold() {
    var endpoint = endpoint();
    assertThrows(
        IllegalStateException.class,
        () ->
            database.run(() -> {
              webhooks.happened(DONE, "batch_1");
              throw new IllegalStateException();
            }));
    assertEquals(List.of(), deliveries(endpoint));
  }
}
