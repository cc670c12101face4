package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/// Responses that are kept, gone on from, and made in the background.
class ResponsesTest {
  private static final String RESPONSES = "/v1/responses";
  private static final String CALL =
      "<tool_call>{\"name\":\"weather\",\"arguments\":{\"city\":\"Sofia\"}}</tool_call>";
  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{}}]";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    modelSays("Hi");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private void modelSays(String text) {
    api.inference.says((_, sink) -> say(sink, text));
  }

  private static void say(GenerationSink sink, String text) {
    sink.started(9);
    sink.delta(0, text, List.of());
    sink.finished(0, FinishReason.STOP);
    sink.usage(new Usage(9, 2));
  }

  private RawHttp.Answer ask(String input, String more) throws IOException {
    return api.post(RESPONSES, body(input, more));
  }

  private static String body(String input, String more) {
    return "{\"model\":\"gpt-4o\",\"input\":%s%s}".formatted(Json.text(input), more);
  }

  private RawHttp.Answer askItems(String items, String more) throws IOException {
    return api.post(RESPONSES, "{\"model\":\"gpt-4o\",\"input\":%s%s}".formatted(items, more));
  }

  private static JsonNode ok(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  private static String id(JsonNode response) {
    return response.get("id").asString();
  }

  private static String previous(JsonNode response) {
    return ",\"previous_response_id\":\"" + id(response) + "\"";
  }

  private String asked() {
    return ((Prompt.Messages) api.inference.lastCall().request().prompt()).messages().toString();
  }

  private static void refused(RawHttp.Answer answer, int status, String param, String words) {
    assertEquals(status, answer.status(), answer.text());
    var error = ApiFixture.json(answer).get("error");
    assertEquals(param, error.get("param").asString());
    assertTrue(error.get("message").asString().contains(words), error::toString);
  }

  @Test
  void aResponseIsKeptUnlessTheRequestSaysOtherwiseUntilItIsDeleted() throws Exception {
    var kept = ok(ask("a", ",\"metadata\":{\"k\":\"v\"}"));
    assertTrue(kept.get("store").asBoolean());
    var path = RESPONSES + "/" + id(kept);
    assertEquals(kept, ok(api.get(path)));
    var deleted = ok(api.delete(path));
    assertEquals("response.deleted", deleted.get("object").asString());
    for (var answer : List.of(api.get(path), api.delete(path), api.get(path + "/input_items"))) {
      refused(answer, 404, "response_id", "not found");
    }
    var unkept = ok(ask("a", ",\"store\":false"));
    assertFalse(unkept.get("store").asBoolean());
    assertEquals(404, api.get(RESPONSES + "/" + id(unkept)).status());
    refused(ask("b", previous(unkept)), 400, "previous_response_id", "not found");
  }

  @Test
  void aStreamedResponseIsKeptBeforeItsLastEvent() throws Exception {
    var events = ask("a", ",\"stream\":true").text().strip().split("\n\n", -1);
    var last = events[events.length - 1];
    var response = Json.tree(last.substring(last.indexOf("data: ") + 6)).get("response");
    assertEquals(response, ok(api.get(RESPONSES + "/" + id(response))));
  }

  @Test
  void aResponseGoesOnFromAnotherWithoutItsInstructions() throws Exception {
    var first = ok(ask("a", ",\"instructions\":\"be brief\""));
    modelSays("Ho");
    var second = ok(ask("b", previous(first) + ",\"instructions\":\"be long\""));
    assertEquals(id(first), second.get("previous_response_id").asString());
    ok(api.delete(RESPONSES + "/" + id(first)));
    ok(ask("c", previous(second)));
    assertEquals(
        "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"Hi\"},"
            + "{\"role\":\"user\",\"content\":\"b\"},{\"role\":\"assistant\",\"content\":\"Ho\"},"
            + "{\"role\":\"user\",\"content\":\"c\"}]",
        asked());
  }

  @Test
  void callsAndTheirOutputsAreOneConversation() throws Exception {
    modelSays("Let me look.\n" + CALL);
    var first = ok(ask("a", TOOLS));
    var call = first.get("output").get(1).get("call_id").asString();
    refused(ask("b", previous(first)), 400, "input", "No tool output found");
    modelSays("Sunny");
    var output = "[{\"type\":\"function_call_output\",\"call_id\":\"%s\",\"output\":\"sun\"}]";
    refused(
        askItems(output.formatted("call_no"), previous(first)), 400, "input", "No tool call found");
    var second = ok(askItems(output.formatted(call), TOOLS + previous(first)));
    assertEquals(
        ("[{'role':'user','content':'a'},{'role':'assistant','content':'Let me look.',"
                + "'tool_calls':[{'id':'%s','type':'function','function':"
                + "{'name':'weather','arguments':'{\\'city\\':\\'Sofia\\'}'}}]},"
                + "{'role':'tool','content':'sun','tool_call_id':'%s'}]")
            .formatted(call, call),
        asked().replace("\\\"", "\\'").replace('"', '\''));
    var items = ok(api.get(RESPONSES + "/" + id(second) + "/input_items?order=asc"));
    assertEquals(
        List.of("message", "message", "function_call", "function_call_output"),
        items.get("data").valueStream().map(item -> item.get("type").asString()).toList());
    assertFalse(items.get("has_more").asBoolean());
  }

  @Test
  void inputItemsComeInPagesNewestFirst() throws Exception {
    var said =
        "[{\"role\":\"user\",\"content\":\"a\",\"id\":\"msg_mine\"},"
            + "{\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"b\"}],\"id\":\"msg_mine\"},"
            + "{\"role\":\"developer\",\"content\":\"c\"}]";
    var path = RESPONSES + "/" + id(ok(askItems(said, ""))) + "/input_items";
    var page = ok(api.get(path + "?limit=2"));
    assertTrue(page.get("has_more").asBoolean());
    assertEquals(
        "[{\"type\":\"input_text\",\"text\":\"c\"}]",
        page.get("data").get(0).get("content").toString());
    assertEquals("assistant", page.get("data").get(1).get("role").asString());
    var rest = ok(api.get(path + "?after=" + page.get("last_id").asString()));
    assertEquals("msg_mine", rest.get("first_id").asString());
    assertEquals(1, rest.get("data").size());
    assertEquals(400, api.get(path + "?after=msg_none").status());
    assertEquals(400, api.get(path + "?limit=101").status());
  }

  @Test
  void logprobsComeWithTheTextAndOnlyWhenTheyAreIncluded() throws Exception {
    api.inference.says((call, sink) -> {
      boolean asked = call.request().topLogprobs().isPresent();
      var token =
          new TokenLogprob(
              "x",
              -0.5,
              List.of(120),
              List.of(new TokenLogprob.Alternative("y", -1.5, List.of(121))));
      sink.started(1);
      sink.delta(0, "", asked ? List.of(token) : List.of()); // half a character
      sink.delta(0, "x", asked ? List.of(token) : List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(1, 2));
    });
    var with = ",\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":1";
    var text = ok(ask("a", with)).at("/output/0/content/0");
    assertEquals(2, text.get("logprobs").size());
    assertEquals("y", text.at("/logprobs/0/top_logprobs/0/token").asString());
    assertEquals(
        1, api.inference.lastCall().request().topLogprobs().orElseThrow(), "as many as asked for");
    assertEquals(0, ok(ask("a", "")).at("/output/0/content/0/logprobs").size());
    var streamed = ask("a", with + ",\"stream\":true").text();
    var delta = streamed.substring(streamed.indexOf("event: response.output_text.delta"));
    var json = Json.tree(delta.substring(delta.indexOf("data: ") + 6, delta.indexOf("\n\n")));
    assertEquals(2, json.get("logprobs").size(), "none is lost");
    refused(ask("a", ",\"include\":[\"thoughts\"]"), 400, "include[0]", "Supported values");
  }

  @Test
  void whatIsNotServedIsRefusedByName() throws Exception {
    for (var more :
        List.of(
            "\"conversation\":\"conv_1\"",
            "\"prompt\":{\"id\":\"pmpt_1\"}",
            "\"background\":true,\"store\":false")) {
      var param = more.substring(1, more.indexOf('"', 1));
      refused(ask("a", "," + more), 400, param, "nsupported");
    }
    var path = RESPONSES + "/" + id(ok(ask("a", "")));
    refused(api.get(path + "?stream=yes"), 400, "stream", "Supported values");
    refused(api.post(path + "/cancel", ""), 400, "response_id", "synchronous");
  }

  @Test
  void aResponseInTheBackgroundIsPolled() throws Exception {
    var go = new CountDownLatch(1);
    api.inference.says((_, sink) -> {
      await(go);
      say(sink, "Late");
    });
    var queued = ok(ask("a", ",\"background\":true"));
    assertEquals("queued", queued.get("status").asString());
    assertTrue(queued.get("background").asBoolean());
    refused(ask("b", previous(queued)), 400, "previous_response_id", "still being made");
    polled(queued, "in_progress");
    go.countDown();
    var done = polled(queued, "completed");
    assertEquals("Late", done.at("/output/0/content/0/text").asString());
    assertEquals(done, ok(api.post(RESPONSES + "/" + id(queued) + "/cancel", "")));
    ok(ask("b", previous(queued)));
  }

  @Test
  void aResponseInTheBackgroundIsCancelledAndItsModelStops() throws Exception {
    var stopped = new CountDownLatch(1);
    api.inference.says((_, _) -> {
      try {
        await(new CountDownLatch(1));
      } catch (ApiException interrupted) {
        stopped.countDown();
        throw interrupted;
      }
    });
    var queued = ok(ask("a", ",\"background\":true"));
    polled(queued, "in_progress");
    var cancelled = ok(api.post(RESPONSES + "/" + id(queued) + "/cancel", ""));
    assertEquals("cancelled", cancelled.get("status").asString());
    assertTrue(stopped.await(10, TimeUnit.SECONDS));
    assertEquals(cancelled, ok(api.get(RESPONSES + "/" + id(queued))));
  }

  @Test
  void webhooksAreToldOfResponsesInTheBackgroundThatEndAndOfNoOthers() throws Exception {
    api.inference.says((_, sink) -> say(sink, "Late"));
    ok(ask("a", ""));
    var done = ok(ask("a", ",\"background\":true"));
    polled(done, "completed");
    api.inference.says((_, _) -> {
      throw new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "Too long", Optional.empty());
    });
    var failed = ok(ask("a", ",\"background\":true"));
    polled(failed, "failed");
    api.inference.says((_, _) -> await(new CountDownLatch(1)));
    var cancelled = ok(ask("a", ",\"background\":true"));
    ok(api.post(RESPONSES + "/" + id(cancelled) + "/cancel", ""));
    assertEquals(
        List.of(
            "response.completed " + id(done),
            "response.failed " + id(failed),
            "response.cancelled " + id(cancelled)),
        api.told);
  }

  @Test
  void theTokensOfAConversationAreCounted() throws Exception {
    api.inference.says((_, sink) -> say(sink, "Yes"));
    var first = ok(ask("a", ""));
    var path = RESPONSES + "/input_tokens";
    var counted = ok(api.post(path, body("b", previous(first) + ",\"instructions\":\"Be brief\"")));
    assertEquals("{\"object\":\"response.input_tokens\",\"input_tokens\":40}", counted.toString());
    var whole = "{\"model\":\"gpt-4o\"" + previous(first) + "}";
    assertEquals(20, ok(api.post(path, whole)).get("input_tokens").asInt());
    refused(api.post(path, "{\"model\":\"gpt-4o\"}"), 400, "input", "Missing required parameter");
  }

  @Test
  void aCompactedConversationKeepsWhatTheUserSaidAndASummaryThatTheModelIsTold() throws Exception {
    api.inference.says((_, sink) -> say(sink, "Paris"));
    var first = ok(ask("The capital of France?", ""));
    api.inference.says((_, sink) -> say(sink, " They spoke of Paris. "));
    var compacted = ok(api.post(RESPONSES + "/compact", body("Big?", previous(first))));
    var asked = (Prompt.Messages) api.inference.lastCall().request().prompt();
    assertEquals(4, asked.messages().size());
    assertTrue(asked.messages().get(3).get("content").asString().startsWith("Summarize"));
    assertEquals("response.compaction", compacted.get("object").asString());
    var output = compacted.get("output");
    assertEquals(3, output.size());
    assertEquals("The capital of France?", output.at("/0/content/0/text").asString());
    assertEquals("Big?", output.at("/1/content/0/text").asString());
    assertEquals("compaction", output.at("/2/type").asString());

    api.inference.says((_, sink) -> say(sink, "Yes"));
    var input = ((ArrayNode) output.deepCopy());
    input.addObject().put("role", "user").put("content", "And old?");
    var next = ok(api.post(RESPONSES, "{\"model\":\"gpt-4o\",\"input\":" + input + "}"));
    var told = ((Prompt.Messages) api.inference.lastCall().request().prompt()).messages();
    assertEquals(
        "{\"role\":\"assistant\",\"content\":\"What was said before, in short: They spoke of Paris.\"}",
        told.get(2).toString());
    assertEquals(4, ok(api.get(RESPONSES + "/" + id(next) + "/input_items")).get("data").size());
    var foreign = "[{\"type\":\"compaction\",\"encrypted_content\":\"Zm9yZWlnbg==\"}]";
    refused(
        api.post(RESPONSES, "{\"model\":\"gpt-4o\",\"input\":" + foreign + "}"),
        400,
        "input[0].encrypted_content",
        "not the content of a compaction");
  }

  @Test
  void aResponseInTheBackgroundThatTheModelRefusesHasFailed() throws Exception {
    api.inference.says((_, _) -> {
      throw new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "Too long", Optional.empty());
    });
    var failed = polled(ok(ask("a", ",\"background\":true")), "failed");
    assertEquals(
        "{\"code\":\"invalid_prompt\",\"message\":\"Too long\"}", failed.get("error").toString());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new ApiException(ErrorCode.UNAVAILABLE, "interrupted", Optional.empty());
    }
  }

  private JsonNode polled(JsonNode response, String status) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (true) {
      var now = ok(api.get(RESPONSES + "/" + id(response)));
      if (now.get("status").asString().equals(status)) {
        return now;
      }
      assertTrue(System.nanoTime() < end, now::toString);
      Thread.sleep(5);
    }
  }
}
