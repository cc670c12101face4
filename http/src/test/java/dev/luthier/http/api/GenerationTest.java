package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.http.sse.ClientGoneException;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.GenerationSink;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.Sampling;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.wire.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationTest {

  private static final String CHAT = "/v1/chat/completions";
  private static final TokenLogprob HI =
      new TokenLogprob(
          "Hi",
          -0.5,
          List.of(72, 105),
          List.of(new TokenLogprob.Alternative("Ho", -1.5, List.of(72, 111))));

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    api.inference.says((call, sink) -> {
      sink.started(9);
      for (int index = 0; index < call.request().choices(); index++) {
        say(sink, index, FinishReason.STOP);
      }
      sink.usage(new Usage(9, 2 * call.request().choices(), 4));
    });
  }

  private static void say(GenerationSink sink, int index, FinishReason reason) {
    sink.delta(index, "Hi", List.of(HI));
    sink.delta(index, " \u00e9", List.of());
    sink.finished(index, reason);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void chatAnswersWhole() throws Exception {
    var answer = ask("");
    assertEquals(200, answer.status(), answer.text());
    var id = ApiFixture.json(answer).get("id").asString();
    assertTrue(id.matches("chatcmpl-[A-Za-z0-9]{29}"), id);
    assertEquals(
        """
        {
          "id": "%s",
          "object": "chat.completion",
          "created": 1700000000,
          "model": "tiny-base",
          "choices": [
            {
              "index": 0,
              "message": {
                "role": "assistant",
                "content": "Hi é",
                "refusal": null,
                "annotations": []
              },
              "logprobs": null,
              "finish_reason": "stop"
            }
          ],
          "usage": {
            "prompt_tokens": 9,
            "completion_tokens": 2,
            "total_tokens": 11,
            "prompt_tokens_details": {
              "cached_tokens": 4,
              "audio_tokens": 0
            },
            "completion_tokens_details": {
              "reasoning_tokens": 0,
              "audio_tokens": 0,
              "accepted_prediction_tokens": 0,
              "rejected_prediction_tokens": 0
            }
          },
          "service_tier": "default",
          "system_fingerprint": "fp_ff75e963fb"
        }\
        """
            .formatted(id),
        answer.text());
  }

  @Test
  void everyParameterReachesTheModel() throws Exception {
    ask(
        ",\"n\":2,\"max_tokens\":5,\"max_completion_tokens\":7,\"temperature\":0.5,\"top_p\":0.25,"
            + "\"seed\":3,\"frequency_penalty\":-1,\"presence_penalty\":1.5,\"stop\":[\"a\",\"b\"],"
            + "\"logit_bias\":{\"7\":-100},\"logprobs\":true,\"top_logprobs\":2,\"store\":true,"
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}],\"user\":\"u\"");
    var request = api.inference.lastCall().request();
    assertEquals(2, request.choices());
    assertEquals(7, request.maxTokens().orElseThrow());
    assertEquals(List.of("a", "b"), request.stop());
    assertEquals(2, request.topLogprobs().orElseThrow());
    assertEquals(0.5, request.sampling().temperature());
    assertEquals(0.25, request.sampling().topP());
    assertEquals(3, request.sampling().seed().orElseThrow());
    assertEquals(-1, request.sampling().frequencyPenalty());
    assertEquals(1.5, request.sampling().presencePenalty());
    assertEquals(Map.of(7, -100f), request.sampling().logitBias());
    var prompt = (Prompt.Messages) request.prompt();
    assertEquals("f", prompt.tools().orElseThrow().get(0).get("function").get("name").asString());
  }

  @Test
  void defaultsAreOpenAis() throws Exception {
    ask(",\"stop\":null,\"max_tokens\":null,\"response_format\":{\"type\":\"text\"}");
    var request = api.inference.lastCall().request();
    assertEquals(1, request.choices());
    assertTrue(request.maxTokens().isEmpty() && request.topLogprobs().isEmpty());
    assertEquals(Sampling.DEFAULT, request.sampling());
    assertTrue(((Prompt.Messages) request.prompt()).tools().isEmpty());
  }

  @Test
  void partsOfTextAreJoinedAndCallsNeedNoContent() throws Exception {
    var answer =
        api.post(
            CHAT,
            """
            {"model":"gpt-4o","messages":[
              {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
              {"role":"assistant","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"c","content":"3"}]}
            """);
    assertEquals(200, answer.status(), answer.text());
    var messages = ((Prompt.Messages) api.inference.lastCall().request().prompt()).messages();
    assertEquals("ab", messages.get(0).get("content").asString());
    assertTrue(messages.get(1).get("content").isNull());
    assertEquals("c", messages.get(2).get("tool_call_id").asString());
  }

  @Test
  void logprobsComeWithBytesAndAlternatives() throws Exception {
    var answer = ApiFixture.json(ask(",\"logprobs\":true,\"top_logprobs\":1"));
    var logprobs = answer.get("choices").get(0).get("logprobs");
    assertEquals(List.of("content", "refusal"), ApiFixture.keys(logprobs));
    var token = logprobs.get("content").get(0);
    assertEquals(List.of("token", "logprob", "bytes", "top_logprobs"), ApiFixture.keys(token));
    assertEquals("Ho", token.get("top_logprobs").get(0).get("token").asString());
  }

  @Test
  void chatStreamsChunksAndNoUsageUnasked() throws Exception {
    var answer = ask(",\"stream\":true");
    assertEquals(
        "text/event-stream; charset=utf-8", answer.header("content-type").toLowerCase(Locale.ROOT));
    var chunk = chunkStart(answer) + "\"choices\":[{\"index\":0,\"delta\":";
    assertEquals(
        "data: %s{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                .formatted(chunk)
            + "data: %s{\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                .formatted(chunk)
            + "data: %s{\"content\":\" é\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                .formatted(chunk)
            + "data: %s{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n".formatted(chunk)
            + "data: [DONE]\n\n",
        answer.text());
  }

  @Test
  void chatStreamsUsageLastWhenAsked() throws Exception {
    var answer = ask(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    var events = events(answer);
    assertEquals("[DONE]", events.getLast());
    var last = events.get(events.size() - 2);
    assertTrue(last.contains("\"choices\":[],\"usage\":{\"prompt_tokens\":9,"), last);
    for (var event : events.subList(0, events.size() - 2)) {
      assertTrue(event.endsWith(",\"usage\":null}"), event);
    }
  }

  @Test
  void chatStreamsSeveralAnswersByTheirIndex() throws Exception {
    var text = ask(",\"stream\":true,\"n\":2").text();
    assertTrue(text.contains("{\"index\":1,\"delta\":{\"role\":\"assistant\""), text);
    assertTrue(
        text.contains("{\"index\":1,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}"),
        text);
  }

  @Test
  void refusalBeforeTheFirstWordKeepsItsStatusAlsoInAStream() throws Exception {
    api.inference.says((call, sink) -> {
      throw new ApiException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED, "too long", Optional.of("messages"));
    });
    for (var stream : List.of("", ",\"stream\":true")) {
      var answer = ask(stream);
      assertEquals(400, answer.status());
      assertEquals("application/json", answer.header("content-type"));
      assertTrue(answer.text().contains("context_length_exceeded"), answer.text());
    }
  }

  @Test
  void errorInMidStreamIsAnEventAndTheStreamEnds() throws Exception {
    api.inference.says((call, sink) -> {
      sink.started(9);
      throw new IllegalStateException("secret");
    });
    var events = events(ask(",\"stream\":true"));
    assertEquals(2, events.size());
    assertTrue(
        events.get(1).startsWith("{\"error\":{\"message\":\"The server had an error"),
        events.get(1));
    assertFalse(events.get(1).contains("secret"));
  }

  @Test
  void silenceIsFilledWithComments() throws Exception {
    restartWithSilenceOf(Duration.ofMillis(50));
    var commented = new CountDownLatch(1);
    api.inference.says((call, sink) -> {
      awaited(commented);
      sink.started(9);
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 0));
    });
    try (var http = new RawHttp(api.port())) {
      http.send(ApiFixture.request("POST", CHAT, body(",\"stream\":true")).replace("\n", "\r\n"));
      var lines = new ArrayList<String>();
      do {
        lines.add(http.line());
      } while (!lines.getLast().equals(": keep-alive"));
      assertEquals(
          List.of(), lines.stream().filter(line -> line.startsWith("data:")).toList(), "too early");
      commented.countDown();
      do {
        lines.add(http.line());
      } while (!lines.getLast().equals("data: [DONE]"));
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("cancelled", cancelled);
    }
  }

  @Test
  void clientThatLeavesCancelsTheGeneration() throws Exception {
    restartWithSilenceOf(Duration.ofMillis(50));
    var cancelled = new CountDownLatch(1);
    api.inference.says((call, sink) -> {
      try {
        sink.started(9);
        pause(60_000);
      } finally {
        cancelled.countDown();
      }
    });
    try (var http = new RawHttp(api.port())) {
      http.send(ApiFixture.request("POST", CHAT, body(",\"stream\":true")).replace("\n", "\r\n"));
      assertEquals("HTTP/1.1 200 OK", http.line());
    }
    assertTrue(cancelled.await(10, TimeUnit.SECONDS), "the generation went on");
  }

  @Test
  void clientThatLeavesCancelsAlsoAnAnswerThatIsSentWhole() throws Exception {
    for (var path : List.of(CHAT, "/v1/completions", "/v1/responses")) {
      var begun = new CountDownLatch(1);
      var cancelled = new CountDownLatch(1);
      api.inference.says((call, sink) -> {
        try {
          sink.started(9);
          begun.countDown();
          for (int look = 0; look < 600; look++) {
            sink.waiting();
            pause(20);
          }
        } catch (ClientGoneException gone) {
          cancelled.countDown();
          throw gone;
        }
      });
      try (var http = new RawHttp(api.port())) {
        http.send(ApiFixture.request("POST", path, prompt(path)).replace("\n", "\r\n"));
        assertTrue(begun.await(10, TimeUnit.SECONDS), path);
      }
      assertTrue(cancelled.await(10, TimeUnit.SECONDS), "the generation went on: " + path);
    }
  }

  private static String prompt(String path) {
    return switch (path) {
      case CHAT -> body("");
      case "/v1/completions" -> "{\"model\":\"gpt-3.5-turbo\",\"prompt\":\"a\"}";
      default -> "{\"model\":\"gpt-3.5-turbo\",\"input\":\"a\"}";
    };
  }

  @Test
  void nextRequestThatComesBeforeTheAnswerIsAnsweredToo() throws Exception {
    var waiting = new CountDownLatch(1);
    api.inference.says((call, sink) -> {
      sink.started(9);
      waiting.countDown();
      for (int look = 0; look < 20; look++) {
        sink.waiting();
        pause(20);
      }
      say(sink, 0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
    try (var http = new RawHttp(api.port())) {
      http.send(ApiFixture.request("POST", CHAT, body("")).replace("\n", "\r\n"));
      assertTrue(waiting.await(10, TimeUnit.SECONDS));
      http.send(ApiFixture.request("GET", "/v1/models/gpt-3.5-turbo", "").replace("\n", "\r\n"));
      assertEquals(200, http.answer().status());
      var second = http.answer();
      assertEquals(200, second.status(), second.text());
      assertTrue(second.text().contains("tiny-base"), second.text());
    }
  }

  @Test
  void legacyCompletionAnswersEveryPromptInOrder() throws Exception {
    var answer =
        ApiFixture.json(
            api.post(
                "/v1/completions",
                "{\"model\":\"davinci-002\",\"prompt\":[\"a\",\"b\"],\"n\":2,\"logprobs\":1}"));
    assertEquals(
        List.of("id", "object", "created", "model", "system_fingerprint", "choices", "usage"),
        ApiFixture.keys(answer));
    assertEquals("text_completion", answer.get("object").asString());
    assertEquals(4, answer.get("choices").size());
    var choice = answer.get("choices").get(3);
    assertEquals(List.of("text", "index", "logprobs", "finish_reason"), ApiFixture.keys(choice));
    assertEquals(3, choice.get("index").intValue());
    assertEquals(
        "{\"tokens\":[\"Hi\"],\"token_logprobs\":[-0.5],\"top_logprobs\":[{\"Ho\":-1.5}],\"text_offset\":[0]}",
        choice.get("logprobs").toString());
    assertEquals(8, answer.get("usage").get("completion_tokens").intValue());
    assertEquals(16, api.inference.lastCall().request().maxTokens().orElseThrow());
  }

  @Test
  void legacyCompletionTakesTokensAndStreams() throws Exception {
    var answer =
        api.post(
            "/v1/completions",
            "{\"model\":\"davinci-002\",\"prompt\":[5,6],\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    assertEquals(new Prompt.Tokens(List.of(5, 6)), api.inference.lastCall().request().prompt());
    var events = events(answer);
    assertEquals(5, events.size(), answer.text());
    assertTrue(events.get(0).contains("\"object\":\"text_completion\""), events.get(0));
    assertTrue(
        events
            .get(0)
            .contains(
                "\"choices\":[{\"text\":\"Hi\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}"),
        events.get(0));
    assertTrue(
        events
            .get(2)
            .contains("\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\""),
        events.get(2));
    assertTrue(
        events.get(3).contains("\"choices\":[],\"usage\":{\"prompt_tokens\":9"), events.get(3));
    assertEquals("[DONE]", events.get(4));
  }

  @Test
  void responseAnswersWholeWithOpenAisKeys() throws Exception {
    var raw =
        api.post(
            "/v1/responses",
            "{\"model\":\"gpt-4o\",\"instructions\":\"be brief\",\"input\":[{\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"a\"}]}]}");
    assertEquals(200, raw.status(), raw.text());
    var answer = ApiFixture.json(raw);
    assertEquals(
        List.of(
            "id",
            "object",
            "created_at",
            "status",
            "background",
            "completed_at",
            "error",
            "incomplete_details",
            "instructions",
            "max_output_tokens",
            "model",
            "output",
            "parallel_tool_calls",
            "previous_response_id",
            "reasoning",
            "service_tier",
            "store",
            "temperature",
            "text",
            "tool_choice",
            "tools",
            "top_logprobs",
            "top_p",
            "truncation",
            "usage",
            "user",
            "metadata"),
        ApiFixture.keys(answer));
    assertEquals("completed", answer.get("status").asString());
    assertEquals(
        "{\"type\":\"output_text\",\"text\":\"Hi é\",\"annotations\":[],\"logprobs\":[]}",
        answer.get("output").get(0).get("content").get(0).toString());
    assertEquals(11, answer.get("usage").get("total_tokens").intValue());
    assertEquals(
        "[{\"role\":\"system\",\"content\":\"be brief\"},{\"role\":\"user\",\"content\":\"a\"}]",
        ((Prompt.Messages) api.inference.lastCall().request().prompt()).messages().toString());
  }

  @Test
  void responseCutByItsLimitIsIncomplete() throws Exception {
    api.inference.says((call, sink) -> {
      sink.started(1);
      say(sink, 0, FinishReason.LENGTH);
      sink.usage(new Usage(1, 16));
    });
    var answer =
        ApiFixture.json(
            api.post(
                "/v1/responses",
                "{\"model\":\"gpt-4o\",\"input\":\"a\",\"max_output_tokens\":16}"));
    assertEquals("incomplete", answer.get("status").asString());
    assertEquals("{\"reason\":\"max_output_tokens\"}", answer.get("incomplete_details").toString());
  }

  @Test
  void responseStreamsNumberedEventsInOrderAndNoDone() throws Exception {
    var answer =
        api.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"a\",\"stream\":true}");
    var names = new ArrayList<String>();
    int number = 0;
    for (var block : answer.text().strip().split("\n\n", -1)) {
      var lines = block.split("\n", -1);
      var data = Json.tree(lines[1].substring("data: ".length()));
      assertEquals("event: " + data.get("type").asString(), lines[0]);
      assertEquals(number++, data.get("sequence_number").intValue());
      names.add(data.get("type").asString());
    }
    assertEquals(
        List.of(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed"),
        names);
  }

  private void restartWithSilenceOf(Duration silence) {
    api.close();
    api = new ApiFixture(folder, silence);
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("cancelled", cancelled);
    }
  }

  private static String chunkStart(RawHttp.Answer answer) {
    var first = events(answer).getFirst();
    var start = first.substring(0, first.indexOf("\"choices\""));
    assertTrue(
        start.matches(
            "\\{\"id\":\"chatcmpl-[A-Za-z0-9]{29}\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"tiny-base\",\"system_fingerprint\":\"fp_[0-9a-f]{10}\","),
        start);
    return start;
  }

  private static List<String> events(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    var events = new ArrayList<String>();
    for (var block : answer.text().strip().split("\n\n", -1)) {
      assertTrue(block.startsWith("data: "), block);
      events.add(block.substring("data: ".length()));
    }
    return events;
  }

  private static String body(String more) {
    return "{\"model\":\"gpt-3.5-turbo\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]%s}"
        .formatted(more);
  }

  private RawHttp.Answer ask(String more) throws Exception {
    return api.post(CHAT, body(more));
  }
}
