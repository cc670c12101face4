package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseOutputItem;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The official Java client reads calls, and finds every field that its types of chats and of
/// output items require.
class ToolCallingClientTest {

  private static final ChatCompletionCreateParams CHAT =
      ChatCompletionCreateParams.builder()
          .model("gpt-4o-mini")
          .addUserMessage("Is it warm?")
          .addFunctionTool(FunctionDefinition.builder().name("weather").build())
          .build();
  private static final ResponseCreateParams RESPONSE =
      ResponseCreateParams.builder()
          .model("gpt-4o-mini")
          .input("Is it warm?")
          .addTool(
              FunctionTool.builder()
                  .name("weather")
                  .parameters(
                      FunctionTool.Parameters.builder()
                          .putAdditionalProperty("type", JsonValue.from("object"))
                          .build())
                  .strict(false)
                  .build())
          .build();

  @TempDir Path folder;
  private ApiFixture api;
  private OpenAIClient client;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    client =
        OpenAIOkHttpClient.builder()
            .baseUrl("http://127.0.0.1:" + api.port() + "/v1")
            .apiKey(ApiFixture.KEY)
            .maxRetries(0)
            .build();
    api.inference.says((call, sink) -> {
      sink.started(9);
      sink.delta(0, "Let me look.\n<tool_call>\n{\"name\": \"weather\", \"argu", List.of());
      sink.delta(0, "ments\": {\"city\": \"Rome\"}}\n</tool_call>\n<tool", List.of());
      sink.delta(0, "_call>{\"name\": \"weather\"}</tool_call>", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 5));
    });
  }

  @AfterEach
  void stop() {
    client.close();
    api.close();
  }

  @Test
  void readsAWholeChat() {
    assertCalls(client.chat().completions().create(CHAT));
  }

  @Test
  void joinsAChatFromItsChunks() {
    var whole = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(CHAT)) {
      chunks.stream().forEach(chunk -> whole.accumulate(chunk.validate()));
    }
    assertCalls(whole.chatCompletion());
  }

  @Test
  void readsAWholeResponse() {
    assertCalls(client.responses().create(RESPONSE));
  }

  @Test
  void joinsAResponseFromItsEvents() {
    var whole = ResponseAccumulator.create();
    try (var events = client.responses().createStreaming(RESPONSE)) {
      events.stream()
          .map(event -> event.isCompleted() ? event : event.validate())
          .forEach(whole::accumulate);
    }
    assertCalls(whole.response());
  }

  private static void assertCalls(ChatCompletion answer) {
    var choice = answer.validate().choices().getFirst();
    assertEquals(ChatCompletion.Choice.FinishReason.TOOL_CALLS, choice.finishReason());
    assertEquals("Let me look.", choice.message().content().orElseThrow());
    var calls = choice.message().toolCalls().orElseThrow();
    assertEquals(2, calls.size());
    var call = calls.getFirst().asFunction();
    assertTrue(call.id().startsWith("call_"), call::id);
    assertEquals("weather", call.function().name());
    assertEquals("{\"city\":\"Rome\"}", call.function().arguments());
    assertEquals("{}", calls.getLast().asFunction().function().arguments());
  }

  private static void assertCalls(Response response) {
    var output = response.output();
    assertEquals(3, output.size());
    output.forEach(ResponseOutputItem::validate);
    assertTrue(output.getFirst().isMessage());
    var call = output.get(1).asFunctionCall();
    assertTrue(call.callId().startsWith("call_"), call::callId);
    assertEquals("weather", call.name());
    assertEquals("{\"city\":\"Rome\"}", call.arguments());
    assertEquals("{}", output.getLast().asFunctionCall().arguments());
  }
}
