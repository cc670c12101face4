package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Prompt;
import dev.luthier.platform.chat.RequiredForm;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.wire.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What clients get of a model that writes calls into its text.
class ToolCallingTest {

  private static final String TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]";
  private static final String FLAT_TOOLS =
      ",\"tools\":[{\"type\":\"function\",\"name\":\"weather\",\"parameters\":{}}]";
  private static final String FUNCTIONS = ",\"functions\":[{\"name\":\"weather\"}]";
  private static final String CALL =
      "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}\n</tool_call>";
  private static final String ARGUMENTS = "{\"city\":\"Rome\"}";

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

  /// Every answer to come is `text`, three characters at a time.
  private void modelSays(String text, FinishReason reason) {
    api.inference.says((call, sink) -> {
      sink.started(9);
      for (int index = 0; index < call.request().choices(); index++) {
        for (int at = 0; at < text.length(); at += 3) {
          var piece = text.substring(at, Math.min(text.length(), at + 3));
          boolean logprobs = call.request().topLogprobs().isPresent();
          var token = new TokenLogprob(piece, -1, List.of(), List.of());
          sink.delta(index, piece, logprobs ? List.of(token) : List.of());
        }
        sink.finished(index, reason);
      }
      sink.usage(new Usage(9, 5));
    });
  }

  @Test
  void callsComeApartFromTheText() throws Exception {
    modelSays("Let me look.\n" + CALL + "\n" + CALL, FinishReason.STOP);
    var choice = choice(chat(TOOLS));
    var message = choice.get("message");
    assertEquals(
        List.of("role", "content", "refusal", "tool_calls", "annotations"),
        ApiFixture.keys(message));
    assertEquals("Let me look.", message.get("content").asString());
    assertEquals(2, message.get("tool_calls").size());
    var first = message.get("tool_calls").get(0);
    assertCall(first);
    assertNotEquals(first.get("id"), message.get("tool_calls").get(1).get("id"));
    assertEquals("tool_calls", choice.get("finish_reason").asString());
  }

  @Test
  void nothingButACallHasNoContent() throws Exception {
    modelSays(CALL + "\n", FinishReason.STOP);
    for (var answer : chat(TOOLS + ",\"n\":2").get("choices")) {
      assertTrue(answer.get("message").get("content").isNull(), answer::toString);
      assertEquals(1, answer.get("message").get("tool_calls").size());
      assertEquals("tool_calls", answer.get("finish_reason").asString());
    }
  }

  @Test
  void textWithoutCallsStaysAsItIs() throws Exception {
    for (var text : List.of("Rome is <b>warm</b>.\n", "<tool_call>{\"name\":}</tool_call>", "")) {
      modelSays(text, FinishReason.STOP);
      var choice = choice(chat(TOOLS));
      assertEquals(text, choice.get("message").get("content").asString());
      assertFalse(choice.get("message").has("tool_calls"), choice::toString);
      assertEquals("stop", choice.get("finish_reason").asString());
      assertEquals(text, contents(chatStream(TOOLS)));
    }
  }

  @Test
  void anAnswerThatWasCutSaysSo() throws Exception {
    modelSays(CALL + "\n<tool_call>\n{\"name\"", FinishReason.LENGTH);
    var choice = choice(chat(TOOLS));
    assertEquals("length", choice.get("finish_reason").asString());
    assertEquals("\n<tool_call>\n{\"name\"", choice.get("message").get("content").asString());
    assertEquals(1, choice.get("message").get("tool_calls").size());
  }

  @Test
  void withoutToolsNothingIsTakenOut() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    for (var request :
        List.of(
            "",
            ",\"tools\":[]",
            TOOLS + ",\"tool_choice\":\"none\"",
            FUNCTIONS + ",\"function_call\":\"none\"")) {
      var choice = choice(chat(request));
      assertEquals(CALL, choice.get("message").get("content").asString());
      assertFalse(choice.get("message").has("tool_calls"), request);
      assertEquals("stop", choice.get("finish_reason").asString());
      assertEquals(CALL, contents(chatStream(request)));
      assertTrue(offered().isEmpty(), request);
    }
    var response = ApiFixture.json(respond(FLAT_TOOLS + ",\"tool_choice\":\"none\""));
    assertEquals(CALL, response.get("output").get(0).get("content").get(0).get("text").asString());
  }

  @Test
  void aForcedCallIsTheFormOfTheAnswer() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    chat(TOOLS + ",\"tool_choice\":\"auto\"");
    assertTrue(form().isEmpty());
    chat(TOOLS + ",\"tool_choice\":\"required\"");
    assertEquals(MessageReader.TOOL_CALLS_MAX, calls().callsMax());
    var named = "{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}";
    assertEquals(
        "tool_calls",
        choice(chat(TOOLS + ",\"tool_choice\":" + named)).get("finish_reason").asString());
    assertEquals(1, calls().callsMax());
    assertEquals(
        List.of("weather"), calls().functions().stream().map(RequiredForm.Function::name).toList());
    chat(FUNCTIONS + ",\"function_call\":{\"name\":\"weather\"}");
    assertEquals(1, calls().callsMax());
    respond(FLAT_TOOLS + ",\"tool_choice\":{\"type\":\"function\",\"name\":\"weather\"}");
    assertEquals("weather", calls().functions().getFirst().name());
  }

  @Test
  void aStrictFunctionHoldsItsCallsAlsoWhereTheModelMayTalk() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    var tool =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"strict\":%s,\"parameters\":{\"type\":\"object\"}}}]";
    chat(tool.formatted("true"));
    assertTrue(calls().text(), "text or calls");
    assertTrue(form().orElseThrow().json().isEmpty());
    chat(tool.formatted("true") + ",\"tool_choice\":\"required\"");
    assertFalse(calls().text());
    chat(tool.formatted("true") + ",\"tool_choice\":\"none\"");
    assertTrue(form().isEmpty());
    chat(tool.formatted("false"));
    assertTrue(form().isEmpty());
    var unkept = tool.formatted("true").replace("\"object\"}", "\"object\",\"not\":{}}");
    var refused = api.post("/v1/chat/completions", body(unkept));
    assertEquals(400, refused.status(), refused.text());
    assertEquals(
        "invalid_function_parameters", ApiFixture.json(refused).at("/error/code").asString());
  }

  @Test
  void onlyAllowedToolsAreShownOrForced() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    var two =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"tides\",\"parameters\":{}}},"
            + "{\"type\":\"function\",\"function\":{\"name\":\"weather\",\"parameters\":{}}}]";
    var allowed =
        ",\"tool_choice\":{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"%s\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"weather\"}}]}}";
    chat(two + allowed.formatted("auto"));
    assertTrue(form().isEmpty());
    assertEquals(1, offered().orElseThrow().size());
    assertEquals("weather", offered().orElseThrow().at("/0/function/name").asString());
    chat(two + allowed.formatted("required"));
    assertEquals(2, offered().orElseThrow().size());
    assertEquals(
        List.of("weather"), calls().functions().stream().map(RequiredForm.Function::name).toList());
    assertEquals(MessageReader.TOOL_CALLS_MAX, calls().callsMax());
    respond(
        FLAT_TOOLS
            + ",\"tool_choice\":{\"type\":\"allowed_tools\",\"mode\":\"required\",\"tools\":[{\"type\":\"function\",\"name\":\"weather\"}]}");
    assertEquals("weather", calls().functions().getFirst().name());
  }

  @Test
  void jsonAndCallsMayBothBeAnswers() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    chat(TOOLS + ",\"response_format\":{\"type\":\"json_object\"}");
    assertTrue(form().orElseThrow().json().isPresent());
    assertEquals("weather", calls().functions().getFirst().name());
    chat(
        ",\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"a\",\"schema\":{\"type\":\"null\"},\"strict\":true}}");
    assertTrue(form().orElseThrow().calls().isEmpty());
    assertTrue(form().orElseThrow().json().orElseThrow().strict());
    var format =
        ",\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"a\",\"schema\":{\"type\":\"null\"}}}";
    assertEquals(
        "json_schema", ApiFixture.json(respond(format)).at("/text/format/type").asString());
    assertTrue(form().orElseThrow().json().orElseThrow().schema().isPresent());
  }

  @Test
  void whatCannotBeForcedIsRefusedByName() throws Exception {
    for (var choice :
        List.of(
            "{\"type\":\"function\",\"function\":{\"name\":\"tides\"}}",
            "\"always\"",
            "{\"type\":\"allowed_tools\"}",
            "{\"type\":\"allowed_tools\",\"allowed_tools\":{\"mode\":\"auto\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"tides\"}}]}}",
            "{\"type\":\"custom\"}")) {
      var answer = api.post("/v1/chat/completions", body(TOOLS + ",\"tool_choice\":" + choice));
      assertEquals(400, answer.status(), answer.text());
      var param = ApiFixture.json(answer).get("error").get("param").asString();
      assertTrue(param.startsWith("tool_choice"), param);
    }
  }

  private Optional<RequiredForm> form() {
    return api.inference.lastCall().request().form();
  }

  private RequiredForm.Calls calls() {
    return form().orElseThrow().calls().orElseThrow();
  }

  @Test
  void oneCallIsEnoughForWhoSaysSo() throws Exception {
    modelSays(CALL + "\n" + CALL, FinishReason.STOP);
    var message = choice(chat(TOOLS + ",\"parallel_tool_calls\":false")).get("message");
    assertEquals(1, message.get("tool_calls").size());
    assertEquals("\n" + CALL, message.get("content").asString());
  }

  @Test
  void callsStreamByTheirIndexNameFirst() throws Exception {
    modelSays("Hm.\n" + CALL + "\n" + CALL, FinishReason.STOP);
    var deltas = new ArrayList<String>();
    for (var chunk : chatStream(TOOLS)) {
      deltas.add(
          choice(chunk).get("delta").toString().replaceAll("call_[A-Za-z0-9]{29}", "call_X"));
    }
    var start =
        "{\"tool_calls\":[{\"index\":%d,\"id\":\"call_X\",\"type\":\"function\","
            + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}";
    var more =
        "{\"tool_calls\":[{\"index\":%d,\"function\":{\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}]}";
    assertEquals(
        List.of(
            "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}",
            "{\"content\":\"Hm.\"}",
            start.formatted(0),
            more.formatted(0),
            start.formatted(1),
            more.formatted(1),
            "{}"),
        deltas);
    var last = chatStream(TOOLS).getLast();
    assertEquals("tool_calls", choice(last).get("finish_reason").asString());
  }

  @Test
  void everyAnswerCountsItsOwnCalls() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    int begun = 0;
    for (var chunk : chatStream(TOOLS + ",\"n\":2")) {
      for (var call : choice(chunk).get("delta").path("tool_calls")) {
        assertEquals(0, call.get("index").intValue());
        begun += call.has("id") ? 1 : 0;
      }
    }
    assertEquals(2, begun);
  }

  @Test
  void logprobsOfACallsTokensAreNotLost() throws Exception {
    modelSays("Hm. " + CALL, FinishReason.STOP);
    var whole = choice(chat(TOOLS + ",\"logprobs\":true")).get("logprobs").get("content");
    var streamed = new ArrayList<JsonNode>();
    for (var chunk : chatStream(TOOLS + ",\"logprobs\":true")) {
      choice(chunk).get("logprobs").path("content").forEach(streamed::add);
    }
    assertEquals("Hm. " + CALL, text(whole));
    assertEquals("Hm. " + CALL, text(streamed));
  }

  @Test
  void olderFunctionsGetOneFunctionCall() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    var choice = choice(chat(FUNCTIONS + ",\"function_call\":\"auto\""));
    assertEquals(
        "{\"role\":\"assistant\",\"content\":null,\"refusal\":null,\"annotations\":[],"
            + "\"function_call\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}",
        choice.get("message").toString());
    assertEquals("function_call", choice.get("finish_reason").asString());
    var chunks = chatStream(FUNCTIONS);
    assertEquals(
        "{\"function_call\":{\"name\":\"weather\",\"arguments\":\"\"}}",
        choice(chunks.get(1)).get("delta").toString());
    assertEquals(
        "{\"function_call\":{\"arguments\":\"{\\\"city\\\":\\\"Rome\\\"}\"}}",
        choice(chunks.get(2)).get("delta").toString());
    assertEquals("function_call", choice(chunks.getLast()).get("finish_reason").asString());
  }

  @Test
  void anAnsweredCallGoesBackIntoThePrompt() throws Exception {
    modelSays(CALL, FinishReason.STOP);
    var message = choice(chat(TOOLS)).get("message");
    var id = message.get("tool_calls").get(0).get("id").asString();
    modelSays("Warm.", FinishReason.STOP);
    var answer =
        api.post(
            "/v1/chat/completions",
            "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"},%s,{\"role\":\"tool\",\"tool_call_id\":\"%s\",\"content\":\"25\"}]%s}"
                .formatted(message, id, TOOLS));
    assertEquals(200, answer.status(), answer.text());
    assertEquals("Warm.", choice(ApiFixture.json(answer)).get("message").get("content").asString());
  }

  @Test
  void aResponseListsCallsBesideItsMessage() throws Exception {
    modelSays("Hm.\n" + CALL, FinishReason.STOP);
    var response = ApiFixture.json(respond(FLAT_TOOLS));
    assertEquals("completed", response.get("status").asString());
    assertEquals(
        List.of("message", "function_call"),
        response.get("output").valueStream().map(item -> item.get("type").asString()).toList());
    var call = response.get("output").get(1);
    assertEquals(
        List.of("type", "id", "call_id", "name", "arguments", "status"), ApiFixture.keys(call));
    assertTrue(call.get("id").asString().startsWith("fc_"));
    assertTrue(call.get("call_id").asString().startsWith("call_"));
    assertEquals(ARGUMENTS, call.get("arguments").asString());
    modelSays(CALL, FinishReason.STOP);
    assertEquals(1, ApiFixture.json(respond(FLAT_TOOLS)).get("output").size());
  }

  @Test
  void aResponseStreamsItsCalls() throws Exception {
    modelSays(CALL + "\nHm.", FinishReason.STOP);
    var events = new ArrayList<JsonNode>();
    for (var block : respond(FLAT_TOOLS + ",\"stream\":true").text().strip().split("\n\n", -1)) {
      events.add(Json.tree(block.substring(block.indexOf("data: ") + 6)));
    }
    assertEquals(
        List.of(
            "response.created",
            "response.in_progress",
            "response.output_item.added 0",
            "response.function_call_arguments.delta 0",
            "response.function_call_arguments.done 0",
            "response.output_item.done 0",
            "response.output_item.added 1",
            "response.content_part.added 1",
            "response.output_text.delta 1",
            "response.output_text.delta 1",
            "response.output_text.done 1",
            "response.content_part.done 1",
            "response.output_item.done 1",
            "response.completed"),
        events.stream()
            .map(event ->
                event.get("type").asString()
                    + (event.has("output_index") ? " " + event.get("output_index") : ""))
            .toList());
    assertEquals("", events.get(2).get("item").get("arguments").asString());
    assertEquals("in_progress", events.get(2).get("item").get("status").asString());
    assertEquals(ARGUMENTS, events.get(3).get("delta").asString());
    assertEquals("weather", events.get(4).get("name").asString());
    assertEquals(events.get(2).get("item").get("id"), events.get(4).get("item_id"));
    var output = events.getLast().get("response").get("output");
    assertEquals(events.get(5).get("item"), output.get(0));
    assertEquals(events.get(12).get("item"), output.get(1));
    assertEquals("\nHm.", output.get(1).get("content").get(0).get("text").asString());
  }

  private static void assertCall(JsonNode call) {
    assertEquals(List.of("id", "type", "function"), ApiFixture.keys(call));
    assertTrue(call.get("id").asString().matches("call_[A-Za-z0-9]{29}"), call::toString);
    assertEquals("function", call.get("type").asString());
    assertEquals(List.of("name", "arguments"), ApiFixture.keys(call.get("function")));
    assertEquals("weather", call.get("function").get("name").asString());
    assertEquals(ARGUMENTS, call.get("function").get("arguments").asString());
  }

  private Optional<JsonNode> offered() {
    return ((Prompt.Messages) api.inference.lastCall().request().prompt()).tools();
  }

  private JsonNode chat(String more) throws Exception {
    var answer = api.post("/v1/chat/completions", body(more));
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  private List<JsonNode> chatStream(String more) throws Exception {
    var answer = api.post("/v1/chat/completions", body(more + ",\"stream\":true"));
    assertEquals(200, answer.status(), answer.text());
    var chunks = new ArrayList<JsonNode>();
    for (var block : answer.text().strip().split("\n\n", -1)) {
      if (!block.equals("data: [DONE]")) {
        chunks.add(Json.tree(block.substring("data: ".length())));
      }
    }
    return chunks;
  }

  private RawHttp.Answer respond(String more) throws Exception {
    var answer =
        api.post("/v1/responses", "{\"model\":\"gpt-4o\",\"input\":\"a\"%s}".formatted(more));
    assertEquals(200, answer.status(), answer.text());
    return answer;
  }

  private static String body(String more) {
    return "{\"model\":\"gpt-3.5-turbo\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]%s}"
        .formatted(more);
  }

  private static JsonNode choice(JsonNode answer) {
    return answer.get("choices").get(0);
  }

  private static String contents(List<JsonNode> chunks) {
    var text = new StringBuilder();
    chunks.forEach(chunk -> text.append(choice(chunk).get("delta").path("content").asString("")));
    return text.toString();
  }

  private static String text(Iterable<JsonNode> tokens) {
    return StreamSupport.stream(tokens.spliterator(), false)
        .map(token -> token.get("token").asString())
        .reduce("", String::concat);
  }
}
