package dev.luthier.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.errors.NotFoundException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.ResponseFormatJsonSchema;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionNamedToolChoice;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ToolChoiceFunction;
import java.util.List;
import java.util.Map;

/// What a user of the Java client does with a fine-tuned model.
final class JavaScenario {
  private static final List<String> TOOLS = List.of("get_weather", "get_time");
  private static final Map<String, JsonValue> CITY =
      Map.of(
          "type", JsonValue.from("object"),
          "properties",
              JsonValue.from(
                  Map.of("city", Map.of("type", "string", "enum", List.of("Sofia", "Haifa")))),
          "required", JsonValue.from(List.of("city")),
          "additionalProperties", JsonValue.from(false));

  private final OpenAIClient client;
  private final String model;

  private JavaScenario(OpenAIClient client, String model) {
    this.client = client;
    this.model = model;
  }

  static void hold(OpenAIClient client, String model) {
    var scenario = new JavaScenario(client, model);
    scenario.tools();
    scenario.streams();
    scenario.schema();
    scenario.responses();
    scenario.kept();
    scenario.models();
  }

  private ChatCompletionCreateParams.Builder chat() {
    return ChatCompletionCreateParams.builder()
        .model(model)
        .temperature(0.0)
        .maxCompletionTokens(64)
        .addUserMessage("What is the weather in Sofia, and what time is it?");
  }

  private static ChatCompletionCreateParams.Builder offered(
      ChatCompletionCreateParams.Builder chat) {
    TOOLS.forEach(name ->
        chat.addFunctionTool(
            FunctionDefinition.builder()
                .name(name)
                .parameters(FunctionParameters.builder().putAllAdditionalProperties(CITY).build())
                .strict(true)
                .build()));
    return chat;
  }

  private void tools() {
    var conversation = offered(chat());
    for (String name : TOOLS) {
      var function = ChatCompletionNamedToolChoice.Function.builder().name(name).build();
      conversation.toolChoice(ChatCompletionNamedToolChoice.builder().function(function).build());
      var message =
          client.chat().completions().create(conversation.build()).choices().getFirst().message();
      var call = message.toolCalls().orElseThrow().getFirst().asFunction();
      assertEquals(name, call.function().name());
      assertTrue(
          call.function().arguments().matches("\\{\\s*\"city\"\\s*:\\s*\"(Sofia|Haifa)\"\\s*}"));
      conversation
          .addMessage(message)
          .addMessage(
              ChatCompletionToolMessageParam.builder()
                  .toolCallId(call.id())
                  .content("sunny, 12:00")
                  .build());
    }
  }

  private void streams() {
    var whole = client.chat().completions().create(chat().build());
    var joined = ChatCompletionAccumulator.create();
    try (var chunks = client.chat().completions().createStreaming(chat().build())) {
      chunks.stream().forEach(joined::accumulate);
    }
    assertEquals(
        whole.choices().getFirst().message().content(),
        joined.chatCompletion().choices().getFirst().message().content());
  }

  private void schema() {
    var schema =
        ResponseFormatJsonSchema.JsonSchema.builder()
            .name("city")
            .strict(true)
            .schema(
                ResponseFormatJsonSchema.JsonSchema.Schema.builder()
                    .putAllAdditionalProperties(CITY)
                    .build())
            .build();
    var params =
        chat().responseFormat(ResponseFormatJsonSchema.builder().jsonSchema(schema).build());
    var answer = client.chat().completions().create(params.build());
    var text = answer.choices().getFirst().message().content().orElseThrow();
    assertTrue(text.contains("Sofia") || text.contains("Haifa"), text);
  }

  private ResponseCreateParams.Builder ask() {
    return ResponseCreateParams.builder().model(model).temperature(0.0).maxOutputTokens(64);
  }

  private void responses() {
    Response first =
        client.responses().create(ask().input("Tell me about the oak").build()).validate();
    var weather =
        FunctionTool.builder()
            .name(TOOLS.getFirst())
            .parameters(FunctionTool.Parameters.builder().putAllAdditionalProperties(CITY).build())
            .strict(true)
            .build();
    var second =
        client
            .responses()
            .create(
                ask()
                    .input("And the weather?")
                    .previousResponseId(first.id())
                    .addTool(weather)
                    .toolChoice(ToolChoiceFunction.builder().name(TOOLS.getFirst()).build())
                    .build());
    var call = second.output().getLast().asFunctionCall();
    var output =
        ResponseInputItem.FunctionCallOutput.builder()
            .callId(call.callId())
            .output("sunny")
            .build();
    var params =
        ask()
            .inputOfResponse(List.of(ResponseInputItem.ofFunctionCallOutput(output)))
            .previousResponseId(second.id());
    var joined = ResponseAccumulator.create();
    try (var events = client.responses().createStreaming(params.build())) {
      events.stream().forEach(joined::accumulate);
    }
    var third = client.responses().retrieve(joined.response().id()).validate();
    assertEquals(joined.response().output(), third.output());
    assertEquals(5, client.responses().inputItems().list(third.id()).data().size());
    client.responses().delete(first.id());
    assertThrows(NotFoundException.class, () -> client.responses().retrieve(first.id()));
  }

  private void kept() {
    var chats = client.chat().completions();
    var answer = chats.create(chat().store(true).build());
    var stored = chats.retrieve(answer.id()).validate();
    assertEquals(
        answer.choices().getFirst().message().content(),
        stored.choices().getFirst().message().content());
    assertTrue(chats.list().data().stream().anyMatch(some -> some.id().equals(answer.id())));
    assertTrue(chats.delete(answer.id()).deleted());
    assertThrows(NotFoundException.class, () -> chats.retrieve(answer.id()));
  }

  private void models() {
    assertTrue(client.models().list().data().stream().anyMatch(some -> some.id().equals(model)));
    assertTrue(client.models().delete(model).deleted());
    assertThrows(NotFoundException.class, () -> client.chat().completions().create(chat().build()));
  }
}
