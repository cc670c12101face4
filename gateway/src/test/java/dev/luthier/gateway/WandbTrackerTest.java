package dev.luthier.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.luthier.platform.integrations.Tracker;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The calls to Weights & Biases against a stand-in that answers as its server does; the real one
/// was not asked.
@Timeout(30)
class WandbTrackerTest {
  /// What the stand-in was sent.
  private record Call(String path, String authorization, JsonNode body) {}

  private final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
  private final AtomicReference<String> answer = new AtomicReference<>("{}");
  private volatile int status = 200;
  private HttpServer standIn;
  private WandbTracker tracker;
  private URI url;

  @BeforeEach
  void start() throws IOException {
    standIn = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    standIn.createContext("/", this::handle);
    standIn.start();
    url = URI.create("http://127.0.0.1:" + standIn.getAddress().getPort());
    tracker = new WandbTracker(url, "secret");
  }

  @AfterEach
  void stop() {
    tracker.close();
    standIn.stop(0);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.add(
          new Call(
              exchange.getRequestURI().getRawPath(),
              exchange.getRequestHeaders().getFirst("Authorization"),
              Json.tree(exchange.getRequestBody().readAllBytes())));
      byte[] bytes = answer.get().getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private Tracker.Run begun(String lines) throws IOException {
    answer.set(
        """
        {"data":{"upsertBucket":{"inserted":true,"bucket":{"id":"aWQ=","name":"ftjob-1",
         "historyLineCount":%s,"project":{"name":"my forest","entity":{"name":"team"}}}}}}
        """
            .formatted(lines));
    return tracker.begin(
        new Tracker.Description(
            "ftjob-1",
            "my forest",
            Optional.empty(),
            "trees",
            List.of("a", "b"),
            Map.of("n_epochs", "3")));
  }

  @Test
  void aRunIsMadeByItsNameInItsProject() throws IOException {
    Tracker.Run run = begun("null");
    assertEquals(
        new Tracker.Run("team", "my forest", "ftjob-1", 0, url + "/team/my%20forest/runs/ftjob-1"),
        run);
    Call call = calls.getFirst();
    assertEquals("/graphql", call.path());
    assertEquals(
        "Basic " + Base64.getEncoder().encodeToString("api:secret".getBytes(UTF_8)),
        call.authorization());
    JsonNode variables = call.body().path("variables");
    assertTrue(call.body().path("query").asString().contains("upsertBucket(input: {name: $name"));
    assertEquals("ftjob-1", variables.path("name").asString());
    assertEquals("my forest", variables.path("project").asString());
    assertEquals("trees", variables.path("displayName").asString());
    assertEquals("b", variables.path("tags").path(1).asString());
    assertTrue(variables.path("entity").isMissingNode(), "the key's own entity is taken");
    assertEquals("{\"n_epochs\":{\"value\":\"3\"}}", variables.path("config").asString());
  }

  @Test
  void linesThatAreThereAlreadyAreCounted() throws IOException {
    assertEquals(41, begun("41").lines());
  }

  @Test
  void historyGoesByLineNumberAndTheLastLineIsTheSummary() throws IOException {
    Tracker.Run run = begun("0");
    answer.set("{\"exitcode\":null,\"limits\":{}}");
    tracker.history(
        run,
        5,
        List.of(
            Map.of("_step", 6.0, "train_loss", 0.5),
            Map.of("_step", 7.0, "train_loss", Double.NaN)));
    Call call = calls.getLast();
    assertEquals("/files/team/my%20forest/ftjob-1/file_stream", call.path());
    JsonNode history = call.body().path("files").path("wandb-history.jsonl");
    assertEquals(5, history.path("offset").asInt());
    JsonNode first = Json.tree(history.path("content").path(0).asString());
    assertEquals("6", first.path("_step").toString(), "steps are whole numbers");
    assertEquals(0.5, first.path("train_loss").asDouble());
    JsonNode summary = call.body().path("files").path("wandb-summary.json");
    assertEquals(0, summary.path("offset").asInt());
    assertEquals(
        "NaN", Json.tree(summary.path("content").path(0).asString()).path("train_loss").asString());
  }

  @Test
  void aSignOfLifeAndTheEnd() throws IOException {
    Tracker.Run run = begun("0");
    tracker.history(run, 5, List.of());
    assertFalse(calls.getLast().body().path("complete").asBoolean());
    tracker.end(run, true);
    assertTrue(calls.getLast().body().path("complete").asBoolean());
    assertEquals(0, calls.getLast().body().path("exitcode").asInt(9));
    tracker.end(run, false);
    assertEquals(1, calls.getLast().body().path("exitcode").asInt(9));
  }

  @Test
  void whatCannotGetBetterIsARefusalAndTheRestIsNot() throws IOException {
    status = 401;
    answer.set("{\"error\":\"bad key\"}");
    var refused =
        assertThrows(Tracker.RefusedException.class, () -> begun("0"), "401 is a refusal");
    assertTrue(refused.toString().contains("status 401"), refused.toString());
    for (int passing : List.of(429, 500, 503)) {
      status = passing;
      var failed = assertThrows(IOException.class, () -> begun("0"));
      assertFalse(failed instanceof Tracker.RefusedException, "status " + passing);
    }
    status = 200;
    answer.set("{\"errors\":[{\"message\":\"permission denied\"}]}");
    assertThrows(
        Tracker.RefusedException.class,
        () ->
            tracker.begin(
                new Tracker.Description("x", "p", Optional.empty(), "x", List.of(), Map.of())));
    answer.set("no json");
    Tracker.Run run = new Tracker.Run("e", "p", "r", 0, "u");
    assertThrows(IOException.class, () -> tracker.end(run, true));
    standIn.stop(0);
    assertThrows(IOException.class, () -> tracker.end(run, true));
  }
}
