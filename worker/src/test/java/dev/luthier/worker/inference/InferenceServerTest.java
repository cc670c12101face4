package dev.luthier.worker.inference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.Json;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvents;
import dev.luthier.wire.internal.GenerateRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The inference process's listener over real connections; the model is scripted.
@Timeout(30)
class InferenceServerTest {
  private final ScriptedModel model = new ScriptedModel();
  private final HttpClient http = HttpClient.newHttpClient();
  private InferenceServer server;

  @BeforeEach
  void start() throws IOException {
    server = new InferenceServer("secret", new GenerateHandler(model, () -> 7, () -> {})::handle);
  }

  @AfterEach
  void stop() {
    http.shutdownNow();
    server.close();
    model.close();
  }

  private static GenerateRequest ask(String prompt) {
    return request(
        GenerateRequest.Prompt.ofText(prompt), 1, List.of(), Optional.empty(), false, false);
  }

  private static GenerateRequest request(
      GenerateRequest.Prompt prompt,
      int n,
      List<String> stop,
      Optional<Integer> maxTokens,
      boolean logprobs,
      boolean echo) {
    return new GenerateRequest(
        prompt,
        Optional.empty(),
        n,
        1,
        1,
        Optional.empty(),
        stop,
        maxTokens,
        0,
        0,
        Map.of(),
        logprobs,
        1,
        echo,
        Optional.empty());
  }

  private HttpRequest post(String token, byte[] body) {
    return HttpRequest.newBuilder(server.url().resolve("generate"))
        .header("Authorization", "Bearer " + token)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build();
  }

  private List<GenerateEvent> events(GenerateRequest request) throws Exception {
    HttpResponse<String> answer =
        http.send(post("secret", Json.bytes(request)), BodyHandlers.ofString());
    assertEquals(200, answer.statusCode());
    return answer.body().lines().filter(line -> !line.isEmpty()).map(GenerateEvents::read).toList();
  }

  private static String text(List<GenerateEvent> events, int index) {
    var text = new StringBuilder();
    for (GenerateEvent event : events) {
      if (event instanceof GenerateEvent.Delta(int at, String piece, _) && at == index) {
        text.append(piece);
      }
    }
    return text.toString();
  }

  private static Optional<String> reason(List<GenerateEvent> events, int index) {
    return events.stream()
        .filter(GenerateEvent.Finished.class::isInstance)
        .map(GenerateEvent.Finished.class::cast)
        .filter(finished -> finished.index() == index)
        .map(GenerateEvent.Finished::finishReason)
        .findFirst();
  }

  @Test
  void anAnswerIsStartedTextFinishedUsage() throws Exception {
    model.answer = "hello";
    List<GenerateEvent> events = events(ask("hi"));
    assertEquals(new GenerateEvent.Started(2), events.getFirst());
    assertEquals("hello", text(events, 0));
    assertEquals(Optional.of("stop"), reason(events, 0));
    assertEquals(new GenerateEvent.Usage(2, 5, ScriptedModel.CACHED), events.getLast());
  }

  @Test
  void aStopStringEndsTheGenerationItself() throws Exception {
    model.answer = "one ENDless";
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofText("hi"),
                1,
                List.of("END"),
                Optional.empty(),
                false,
                false));
    assertEquals("one ", text(events, 0));
    assertEquals(Optional.of("stop"), reason(events, 0));
    assertEquals(new GenerateEvent.Usage(2, 7, ScriptedModel.CACHED), events.getLast());
  }

  @Test
  void anAnswerCutByItsLimitSaysLength() throws Exception {
    model.answer = "hello";
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofText("hi"), 1, List.of(), Optional.of(3), false, false));
    assertEquals("hel", text(events, 0));
    assertEquals(Optional.of("length"), reason(events, 0));
  }

  @Test
  void severalChoicesAreBilledTogetherAndSeededApart() throws Exception {
    model.answer = "hello";
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofText("hi"), 3, List.of(), Optional.empty(), false, false));
    for (int index = 0; index < 3; index++) {
      assertEquals("hello", text(events, index));
      assertEquals(Optional.of("stop"), reason(events, index));
    }
    assertEquals(new GenerateEvent.Usage(2, 15, ScriptedModel.CACHED), events.getLast());
    assertEquals(3, model.seeds.stream().distinct().count());
    assertEquals(7, model.seeds.getFirst());
  }

  @Test
  void logprobsNameTokensTheirBytesAndAlternatives() throws Exception {
    model.answer = "ab";
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofText("hi"), 1, List.of(), Optional.empty(), true, false));
    List<GenerateEvent.TokenLogprob> logprobs = new ArrayList<>();
    for (GenerateEvent event : events) {
      if (event instanceof GenerateEvent.Delta delta) {
        logprobs.addAll(delta.logprobs());
      }
    }
    assertEquals(
        List.of(
            new GenerateEvent.TokenLogprob(
                "a",
                -0.5,
                List.of(97),
                List.of(new GenerateEvent.Alternative("b", -9999, List.of(98)))),
            new GenerateEvent.TokenLogprob(
                "b",
                -0.5,
                List.of(98),
                List.of(new GenerateEvent.Alternative("c", -9999, List.of(99))))),
        logprobs);
  }

  @Test
  void anEchoPutsThePromptFirst() throws Exception {
    model.answer = " there";
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofTokens(List.of((int) 'h', (int) 'i')),
                1,
                List.of(),
                Optional.empty(),
                false,
                true));
    assertEquals("hi there", text(events, 0));
  }

  @Test
  void noTokensAskedIsAnEmptyAnswerOfFullLength() throws Exception {
    List<GenerateEvent> events =
        events(
            request(
                GenerateRequest.Prompt.ofText("hi"), 1, List.of(), Optional.of(0), false, true));
    assertEquals("hi", text(events, 0));
    assertEquals(Optional.of("length"), reason(events, 0));
    assertEquals(new GenerateEvent.Usage(2, 0, 0), events.getLast());
  }

  @Test
  void messagesBeyondTheContextAreRefusedInOpenAisWords() throws Exception {
    var messages = Json.tree("[\"" + "x".repeat(ScriptedModel.CONTEXT) + "\"]");
    GenerateEvent only =
        events(
                request(
                    GenerateRequest.Prompt.ofMessages(messages, Optional.empty()),
                    1,
                    List.of(),
                    Optional.of(5),
                    false,
                    false))
            .getFirst();
    assertEquals(
        new GenerateEvent.Failed(
            400,
            "This model's maximum context length is 64 tokens. However, your messages resulted in 64 tokens. Please reduce the length of the messages.",
            "invalid_request_error",
            Optional.of("messages"),
            Optional.of("context_length_exceeded")),
        only);
  }

  @Test
  void aCompletionBeyondTheContextNamesBothParts() throws Exception {
    GenerateEvent only =
        events(
                request(
                    GenerateRequest.Prompt.ofText("hi"),
                    1,
                    List.of(),
                    Optional.of(63),
                    false,
                    false))
            .getFirst();
    var failed = assertInstanceOf(GenerateEvent.Failed.class, only);
    assertTrue(
        failed.message().contains("65 tokens (2 in your prompt; 63 for the completion)"),
        failed.message());
    assertEquals(Optional.of("context_length_exceeded"), failed.code());
  }

  @Test
  void aFailureInMidAnswerIsItsLastEvent() throws Exception {
    model.answer = "he";
    model.failure = Optional.of(new IllegalStateException("the adapter is damaged"));
    List<GenerateEvent> events = events(ask("hi"));
    assertEquals("he", text(events, 0));
    var failed = assertInstanceOf(GenerateEvent.Failed.class, events.getLast());
    assertEquals(500, failed.status());
    assertTrue(failed.message().contains("the adapter is damaged"), failed.message());
  }

  @Test
  void aReaderThatLeavesCancelsTheGeneration() throws Exception {
    model.answer = "he";
    model.silent = true;
    HttpResponse<InputStream> answer =
        http.send(post("secret", Json.bytes(ask("hi"))), BodyHandlers.ofInputStream());
    try (var lines = new BufferedReader(new InputStreamReader(answer.body(), UTF_8))) {
      assertEquals(new GenerateEvent.Started(2), GenerateEvents.read(lines.readLine()));
    }
    assertTrue(model.cancelled.await(20, TimeUnit.SECONDS));
  }

  @Test
  void aReaderThatLeavesBeforeTheFirstTokenIsNoticedToo() throws Exception {
    model.silent = true;
    HttpResponse<InputStream> answer =
        http.send(post("secret", Json.bytes(ask("hi"))), BodyHandlers.ofInputStream());
    answer.body().close();
    assertTrue(model.cancelled.await(20, TimeUnit.SECONDS));
  }

  @Test
  void aWrongTokenIsRefusedAndHealthNeedsNone() throws Exception {
    assertEquals(
        401,
        http.send(post("guess", Json.bytes(ask("hi"))), BodyHandlers.discarding()).statusCode());
    HttpRequest health = HttpRequest.newBuilder(server.url().resolve("health")).build();
    assertEquals(200, http.send(health, BodyHandlers.discarding()).statusCode());
  }

  @Test
  void brokenJsonIsAFailureOfTheRequest() throws Exception {
    HttpResponse<String> answer =
        http.send(post("secret", "{\"prompt\":".getBytes(UTF_8)), BodyHandlers.ofString());
    var failed =
        assertInstanceOf(GenerateEvent.Failed.class, GenerateEvents.read(answer.body().strip()));
    assertEquals(400, failed.status());
  }
}
