package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Responses in the background that are read as they are made, by whoever asks.
@Timeout(60)
class ResponseStreamsTest {
  private static final String RESPONSES = "/v1/responses";
  private static final String FOLLOWED = ",\"background\":true,\"stream\":true";

  @TempDir Path folder;
  private ApiFixture api;
  private final CountDownLatch go = new CountDownLatch(1);

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    api.inference.says((_, sink) -> {
      sink.started(9);
      sink.delta(0, "Late", List.of());
      await(go);
      sink.delta(0, "r", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new ApiException(ErrorCode.UNAVAILABLE, "interrupted", Optional.empty());
    }
  }

  private static String body(String more) {
    return "{\"model\":\"gpt-4o\",\"input\":\"a\"%s}".formatted(more);
  }

  private static List<JsonNode> events(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    return answer
        .text()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> Json.tree(line.substring("data: ".length())))
        .toList();
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream().map(event -> event.get("type").asString()).toList();
  }

  private List<JsonNode> followed(String id, String more) throws IOException {
    return events(api.get(RESPONSES + "/" + id + "?stream=true" + more));
  }

  /// Begins a response, reads until its first words, and leaves; its id.
  private String left() throws IOException {
    try (var http = new RawHttp(api.port())) {
      http.send(ApiFixture.request("POST", RESPONSES, body(FOLLOWED)).replace("\n", "\r\n"));
      var id = "";
      while (true) {
        var line = http.line();
        if (line.startsWith("data: ")) {
          var event = Json.tree(line.substring("data: ".length()));
          id = id.isEmpty() ? event.at("/response/id").asString() : id;
          if (event.get("type").asString().equals("response.output_text.delta")) {
            return id;
          }
        }
      }
    }
  }

  @Test
  void aClientThatLeftGoesOnBehindTheEventItReadLast() throws Exception {
    var id = left();
    go.countDown();
    var all = followed(id, "");
    assertEquals(
        List.of(
            "response.created",
            "response.queued",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed"),
        types(all));
    for (int number = 0; number < all.size(); number++) {
      assertEquals(number, all.get(number).get("sequence_number").asInt());
    }
    assertEquals("queued", all.getFirst().at("/response/status").asString());
    assertEquals(all.subList(6, all.size()), followed(id, "&starting_after=5"));
    assertEquals(all.getLast().get("response"), ApiFixture.json(api.get(RESPONSES + "/" + id)));
    assertEquals(400, api.get(RESPONSES + "/" + id + "?stream=true&starting_after=x").status());
  }

  @Test
  void ofAResponseWhoseEventsAreNotHeldTheLastOneIsTold() throws Exception {
    go.countDown();
    var id = ApiFixture.json(api.post(RESPONSES, body(""))).get("id").asString();
    var events = followed(id, "&starting_after=8");
    assertEquals(List.of("response.completed"), types(events));
    assertEquals(9, events.getFirst().get("sequence_number").asInt());
    assertEquals("Later", events.getFirst().at("/response/output/0/content/0/text").asString());
  }

  @Test
  void aResponseThatWasBegunWithoutAStreamIsPolledUntilItHasEnded() throws Exception {
    var queued = ApiFixture.json(api.post(RESPONSES, body(",\"background\":true")));
    var path = RESPONSES + "/" + queued.get("id").asString() + "?stream=true";
    var refused = api.get(path);
    assertEquals(400, refused.status(), refused.text());
    assertEquals("stream", ApiFixture.json(refused).at("/error/param").asString());
    go.countDown();
  }

  @Test
  void oneThatIsCancelledOrDeletedEndsForThoseWhoFollowIt() throws Exception {
    var id = left();
    api.post(RESPONSES + "/" + id + "/cancel", "");
    assertEquals("response.output_text.delta", types(followed(id, "")).getLast());
    var other = left();
    assertEquals(200, api.delete(RESPONSES + "/" + other).status());
    assertEquals(404, api.get(RESPONSES + "/" + other + "?stream=true").status());
  }

  @Test
  void oneThatTheModelRefusesEndsWithItsFailure() throws Exception {
    api.inference.says((_, _) -> {
      throw new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "Too long", Optional.empty());
    });
    var events = events(api.post(RESPONSES, body(FOLLOWED)));
    assertEquals(List.of("response.created", "response.queued", "response.failed"), types(events));
    assertEquals("Too long", events.getLast().at("/response/error/message").asString());
  }
}
