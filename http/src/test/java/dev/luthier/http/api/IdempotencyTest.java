package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// What is sent twice with one `Idempotency-Key` is done once.
@Timeout(60)
class IdempotencyTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final String RESPONSES = "/v1/responses";
  private static final String HELLO =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]%s}";
  private static final String ASK = "{\"model\":\"gpt-4o\",\"input\":\"Hello\"%s}";

  @TempDir Path folder;
  private ApiFixture api;
  private final AtomicInteger asked = new AtomicInteger();

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    modelAnswers();
  }

  private void modelAnswers() {
    api.inference.says((_, sink) -> {
      sink.started(9);
      sink.delta(0, "Answer " + asked.incrementAndGet(), List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private RawHttp.Answer post(String key, String path, String json) throws IOException {
    return sent(key, ApiFixture.request("POST", path, json));
  }

  private RawHttp.Answer sent(String key, String request) throws IOException {
    return RawHttp.exchange(
        api.port(), request.replace("Host: x", "Host: x\nIdempotency-Key: " + key));
  }

  private static JsonNode ok(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  private static void refused(RawHttp.Answer answer, String words) {
    assertEquals(400, answer.status(), answer.text());
    assertTrue(answer.text().contains(words), answer.text());
  }

  private RawHttp.Answer upload(String key, String content) throws IOException {
    String form =
        """
        --b
        Content-Disposition: form-data; name="purpose"

        fine-tune
        --b
        Content-Disposition: form-data; name="file"; filename="rows.jsonl"

        %s
        --b--
        """
            .formatted(content);
    int bytes = form.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8).length;
    return sent(
        key,
        ApiFixture.request("POST", "/v1/files", "")
                .replace("application/json", "multipart/form-data; boundary=b")
                .replace("Content-Length: 0", "Content-Length: " + bytes)
            + form);
  }

  @Test
  void aFileIsStoredOnce() throws Exception {
    var first = ok(upload("k", "{}"));
    assertEquals(first, ok(upload("k", "{}")));
    assertNotEquals(first.get("id"), ok(upload("other", "{}")).get("id"));
    refused(upload("k", "[]"), "made " + first.get("id").asString() + " with other parameters");
    assertEquals(2, ok(api.get("/v1/files")).get("data").size());
  }

  @Test
  void aChatIsAnsweredOnceUnlessItIsStreamed() throws Exception {
    var first = ok(post("k", CHAT, HELLO.formatted("")));
    assertEquals("Answer 1", first.at("/choices/0/message/content").asString());
    assertEquals(first, ok(post("k", CHAT, HELLO.formatted(""))));
    assertEquals(1, asked.get());
    refused(
        post("k", CHAT, HELLO.formatted(",\"seed\":1")), "made an answer with other parameters");
    assertEquals(200, post("k", CHAT, HELLO.formatted(",\"stream\":true")).status());
    assertNotEquals(first.get("id"), ok(post("other", CHAT, HELLO.formatted(""))).get("id"));
    assertEquals(3, asked.get());
  }

  @Test
  void aResponseIsMadeOnce() throws Exception {
    var first = ok(post("k", RESPONSES, ASK.formatted("")));
    assertEquals(first, ok(post("k", RESPONSES, ASK.formatted(""))));
    var background = ok(post("b", RESPONSES, ASK.formatted(",\"background\":true")));
    assertEquals(
        background.get("id"),
        ok(post("b", RESPONSES, ASK.formatted(",\"background\":true"))).get("id"));
    assertNotEquals(first.get("id"), background.get("id"));
  }

  @Test
  void aCompletionIsMadeOnce() throws Exception {
    var prompt = "{\"model\":\"davinci-002\",\"prompt\":\"Hello\"}";
    var first = ok(post("k", "/v1/completions", prompt));
    assertEquals(first, ok(post("k", "/v1/completions", prompt)));
    assertEquals(1, asked.get());
  }

  @Test
  void anEvalAndItsRunAreMadeOnce() throws Exception {
    var eval =
        "{\"data_source_config\":{\"type\":\"custom\",\"item_schema\":{\"type\":\"object\"}},"
            + "\"testing_criteria\":[{\"type\":\"string_check\",\"name\":\"x\",\"operation\":\"eq\","
            + "\"input\":\"{{item.a}}\",\"reference\":\"{{item.a}}\"}]}";
    var made = created(post("k", "/v1/evals", eval));
    assertEquals(made, created(post("k", "/v1/evals", eval)));
    assertEquals(1, ok(api.get("/v1/evals")).get("data").size());
    var runs = "/v1/evals/" + made.get("id").asString() + "/runs";
    var run =
        "{\"data_source\":{\"type\":\"jsonl\",\"source\":{\"type\":\"file_content\",\"content\":[{\"item\":{\"a\":\"%s\"}}]}}}";
    var begun = created(post("k", runs, run.formatted("1")));
    assertEquals(begun, created(post("k", runs, run.formatted("1"))));
    refused(post("k", runs, run.formatted("2")), "with other parameters");
    assertEquals(1, ok(api.get(runs)).get("data").size());
  }

  private static JsonNode created(RawHttp.Answer answer) {
    assertEquals(201, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  @Test
  void whoComesWhileTheFirstIsUnderWayWaitsForItsAnswer() throws Exception {
    var begun = new CountDownLatch(1);
    var go = new CountDownLatch(1);
    api.inference.says((_, sink) -> {
      asked.incrementAndGet();
      begun.countDown();
      waited(go);
      sink.started(9);
      sink.delta(0, "Late", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var first = threads.submit(() -> ok(post("k", CHAT, HELLO.formatted(""))));
      waited(begun);
      var second = threads.submit(() -> ok(post("k", CHAT, HELLO.formatted(""))));
      go.countDown();
      assertEquals(first.get(), second.get());
    }
    assertEquals(1, asked.get());
  }

  private static void waited(CountDownLatch latch) {
    try {
      assertTrue(latch.await(20, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFailureIsNotKept() throws Exception {
    api.inference.says((_, _) -> {
      throw new IllegalStateException("broken");
    });
    assertEquals(500, post("k", CHAT, HELLO.formatted("")).status());
    modelAnswers();
    ok(post("k", CHAT, HELLO.formatted("")));
  }
}
