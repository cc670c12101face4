package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Chat completions that are kept.
class StoredChatsTest {
  private static final String CHATS = "/v1/chat/completions";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    api.inference.says((call, sink) -> {
      sink.started(9);
      sink.delta(0, "Hi", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(9, 2));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private RawHttp.Answer chat(String more) throws IOException {
    return api.post(
        CHATS,
        """
        {"model":"gpt-4o-mini","temperature":0.25,"user":"u1",
        "messages":[{"role":"system","content":"Be brief"},
        {"role":"user","content":[{"type":"text","text":"Hel"},{"type":"text","text":"lo?"}]}]%s}\
        """
            .formatted(more));
  }

  private String stored(String metadata) throws IOException {
    var answer = chat(",\"store\":true,\"metadata\":{" + metadata + "}");
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer).get("id").asString();
  }

  private JsonNode got(String path) throws IOException {
    var answer = api.get(path);
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer);
  }

  private static List<String> ids(JsonNode page) {
    return page.get("data").valueStream().map(some -> some.get("id").asString()).toList();
  }

  @Test
  void onlyWhatWasAskedToBeStoredIsThereWithWhatWasAskedForBesideIt() throws Exception {
    chat("");
    chat(",\"store\":false");
    assertEquals(List.of(), ids(got(CHATS)));
    var answer = chat(",\"store\":true,\"seed\":3,\"metadata\":{\"team\":\"a\"}");
    var completion = got(CHATS + "/" + ApiFixture.json(answer).get("id").asString());
    ApiFixture.json(answer)
        .properties()
        .forEach(field -> assertEquals(field.getValue(), completion.get(field.getKey())));
    assertEquals(answer.header("x-request-id"), completion.get("request_id").asString());
    assertEquals(0.25, completion.get("temperature").asDouble());
    assertEquals(1.0, completion.get("top_p").asDouble());
    assertEquals(3, completion.get("seed").asInt());
    assertEquals("u1", completion.get("input_user").asString());
    assertTrue(completion.get("tools").isNull());
    assertEquals("{\"team\":\"a\"}", completion.get("metadata").toString());
  }

  @Test
  void aStreamedAnswerIsStoredWholeUnderTheIdOfItsChunks() throws Exception {
    var stream = chat(",\"store\":true,\"stream\":true").text();
    assertTrue(stream.endsWith("data: [DONE]\n\n"), stream);
    var id = stream.replaceAll("(?s).*?\"id\":\"(chatcmpl-\\w+)\".*", "$1");
    var choice = got(CHATS + "/" + id).get("choices").get(0);
    assertEquals("Hi", choice.get("message").get("content").asString());
    assertEquals("stop", choice.get("finish_reason").asString());
    assertEquals(11, got(CHATS + "/" + id).get("usage").get("total_tokens").asInt());
  }

  @Test
  void theListRunsFromTheOldestAndIsFilteredByModelAndMetadata() throws Exception {
    var first = stored("\"team\":\"a\",\"run\":\"1\"");
    var second = stored("\"team\":\"a\"");
    var third = stored("");
    assertEquals(List.of(first, second, third), ids(got(CHATS)));
    assertEquals(List.of(third, second, first), ids(got(CHATS + "?order=desc")));
    var page = got(CHATS + "?limit=2");
    assertTrue(page.get("has_more").asBoolean());
    assertEquals(first, page.get("first_id").asString());
    assertEquals(second, page.get("last_id").asString());
    assertEquals(List.of(third), ids(got(CHATS + "?after=" + second)));
    assertEquals(List.of(first, second), ids(got(CHATS + "?metadata%5Bteam%5D=a")));
    assertEquals(List.of(first), ids(got(CHATS + "?metadata[team]=a&metadata[run]=1")));
    assertEquals(3, ids(got(CHATS + "?model=tiny-base")).size());
    assertEquals(0, ids(got(CHATS + "?model=other")).size());
    assertEquals(400, api.get(CHATS + "?after=chatcmpl-none").status());
    assertEquals(400, api.get(CHATS + "?order=up").status());
  }

  @Test
  void metadataIsReplacedAndADeletedOneIsGone() throws Exception {
    var id = stored("\"team\":\"a\"");
    var changed = ApiFixture.json(api.post(CHATS + "/" + id, "{\"metadata\":{\"x\":\"y\"}}"));
    assertEquals("{\"x\":\"y\"}", changed.get("metadata").toString());
    assertEquals("{\"x\":\"y\"}", got(CHATS + "/" + id).get("metadata").toString());
    assertEquals(400, api.post(CHATS + "/" + id, "{}").status());
    var tooLong = "{\"metadata\":{\"x\":\"" + "y".repeat(513) + "\"}}";
    assertEquals(400, api.post(CHATS + "/" + id, tooLong).status());
    assertEquals(
        List.of("object", "id", "deleted"),
        ApiFixture.keys(ApiFixture.json(api.delete(CHATS + "/" + id))));
    var gone = api.get(CHATS + "/" + id);
    assertEquals(404, gone.status());
    assertTrue(gone.text().contains("'store': true"), gone.text());
    assertEquals(404, api.delete(CHATS + "/" + id).status());
  }

  @Test
  void itsMessagesCarryIdsTextAndParts() throws Exception {
    var id = stored("");
    var messages = got(CHATS + "/" + id + "/messages");
    assertEquals(List.of(id + "-0", id + "-1"), ids(messages));
    var system = messages.get("data").get(0);
    assertEquals("system", system.get("role").asString());
    assertEquals("Be brief", system.get("content").asString());
    assertTrue(system.get("content_parts").isNull());
    var user = messages.get("data").get(1);
    assertEquals("Hello?", user.get("content").asString());
    assertEquals(2, user.get("content_parts").size());
    assertEquals(List.of(id + "-1"), ids(got(CHATS + "/" + id + "/messages?after=" + id + "-0")));
    assertEquals(
        List.of(id + "-1", id + "-0"), ids(got(CHATS + "/" + id + "/messages?order=desc")));
    assertFalse(messages.get("has_more").asBoolean());
  }
}
