package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Answers of which some are left out: the oldest items of a conversation, the worse of several.
class TruncationTest {
  private static final String CALLED =
      "[{\"role\":\"user\",\"content\":\"one\"},"
          + "{\"type\":\"function_call\",\"call_id\":\"c\",\"name\":\"f\",\"arguments\":\"{}\"},"
          + "{\"type\":\"function_call_output\",\"call_id\":\"c\",\"output\":\"1\"},"
          + "{\"role\":\"assistant\",\"content\":\"two\"},{\"role\":\"user\",\"content\":\"three\"}]";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  /// A model whose context holds so many messages.
  private void modelReads(int messages) {
    api.inference.says((call, sink) -> {
      var prompt = (Prompt.Messages) call.request().prompt();
      if (prompt.messages().size() > messages) {
        throw new ApiException(ErrorCode.CONTEXT_LENGTH_EXCEEDED, "Too long", Optional.empty());
      }
      sink.started(9);
      sink.delta(0, "Hi", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
  }

  private RawHttp.Answer ask(String truncation) throws IOException {
    return api.post(
        "/v1/responses",
        "{\"model\":\"gpt-4o\",\"instructions\":\"Be brief\",\"input\":%s,\"truncation\":\"%s\"}"
            .formatted(CALLED, truncation));
  }

  private String told() {
    var prompt = (Prompt.Messages) api.inference.lastCall().request().prompt();
    return String.join(
        " ",
        prompt.messages().valueStream().map(message -> message.get("content").asString()).toList());
  }

  @Test
  void theOldestItemsGoUntilTheConversationFits() throws Exception {
    modelReads(4);
    var answer = ask("auto");
    assertEquals(200, answer.status(), answer.text());
    assertEquals("auto", ApiFixture.json(answer).get("truncation").asString());
    assertEquals("Be brief two three", told(), "a call's output goes with it");
    assertEquals(400, ask("disabled").status());
    assertEquals(400, ask("sometimes").status());
    modelReads(1);
    assertEquals(400, ask("auto").status(), "the last message and the instructions stay");
  }

  @Test
  void theBestOfSeveralCompletionsAreSent() throws Exception {
    api.inference.says((call, sink) -> {
      sink.started(3);
      for (int i = 0; i < call.request().choices(); i++) {
        var logprob = new TokenLogprob("a" + i, i == 2 ? -0.1 : -1 - i, List.of(), List.of());
        sink.delta(i, "a" + i, List.of(logprob));
        sink.finished(i, FinishReason.STOP);
      }
      sink.usage(new Usage(3, 4));
    });
    var ask = "{\"model\":\"davinci-002\",\"prompt\":\"x\",\"n\":2,\"best_of\":%d%s}";
    var answer = api.post("/v1/completions", ask.formatted(4, ""));
    assertEquals(200, answer.status(), answer.text());
    JsonNode choices = ApiFixture.json(answer).get("choices");
    assertEquals(2, choices.size());
    assertEquals("a2", choices.get(0).get("text").asString());
    assertEquals("a0", choices.get(1).get("text").asString());
    assertEquals(1, choices.get(1).get("index").asInt());
    assertEquals(true, choices.get(0).get("logprobs").isNull(), "nobody asked for them");
    assertEquals(400, api.post("/v1/completions", ask.formatted(1, "")).status());
    assertEquals(400, api.post("/v1/completions", ask.formatted(4, ",\"stream\":true")).status());
  }
}
