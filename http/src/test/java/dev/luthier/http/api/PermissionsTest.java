package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Who may use a checkpoint.
class PermissionsTest {
  private static final String MODEL = "ft:tiny-base:personal:a/b:9abcDEFg";
  private static final String PATH = "/v1/fine_tuning/checkpoints/" + MODEL + "/permissions";

  @TempDir Path folder;
  private ApiFixture api;

  @BeforeEach
  void start() {
    api = new ApiFixture(folder);
    api.jobs.insert(
        new Checkpoint(
            "ftckpt_x",
            "ftjob-0123456789abcdef01234567",
            Instant.ofEpochSecond(ApiFixture.NOW),
            MODEL,
            "tiny-base",
            "adapter-1",
            9,
            1,
            StepMetricsRecord.training(9, 9, 1.0, 0.5),
            true,
            true));
    api.inference.says((call, sink) -> {
      sink.started(1);
      sink.delta(0, "yes", List.of());
      sink.finished(0, FinishReason.STOP);
      sink.usage(new Usage(1, 1));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private RawHttp.Answer grant(String... projects) throws IOException {
    return api.post(PATH, "{\"project_ids\":[\"" + String.join("\",\"", projects) + "\"]}");
  }

  @Test
  void oneAProjectIsAnsweredAsAListAndAgainTheSame() throws Exception {
    var granted = ApiFixture.json(grant("proj_a", "proj_b", "proj_a"));
    assertEquals(
        List.of("object", "data", "first_id", "last_id", "has_more"), ApiFixture.keys(granted));
    assertEquals(2, granted.get("data").size());
    var first = granted.get("data").get(0);
    assertEquals(List.of("object", "id", "created_at", "project_id"), ApiFixture.keys(first));
    assertEquals("checkpoint.permission", first.get("object").asString());
    assertTrue(first.get("id").asString().matches("cp_[A-Za-z0-9]{24}"));
    assertEquals(first, ApiFixture.json(grant("proj_a")).get("data").get(0));
  }

  @Test
  void theListIsPagedNewestFirstOrAscendingAndFoundUnderTheEncodedNameToo() throws Exception {
    grant("proj_a");
    grant("proj_b");
    grant("proj_c");
    var newest = ApiFixture.json(api.get(PATH.replace("a/b", "a%2Fb") + "?limit=2"));
    assertEquals(List.of("proj_c", "proj_b"), projects(newest));
    assertTrue(newest.get("has_more").asBoolean());
    var rest = ApiFixture.json(api.get(PATH + "?after=" + newest.get("last_id").asString()));
    assertEquals(List.of("proj_a"), projects(rest));
    assertEquals(
        List.of("proj_a", "proj_b", "proj_c"),
        projects(ApiFixture.json(api.get(PATH + "?order=ascending"))));
    assertEquals(
        List.of("proj_b"), projects(ApiFixture.json(api.get(PATH + "?project_id=proj_b"))));
    assertEquals(400, api.get(PATH + "?order=asc").status());
    assertEquals(400, api.get(PATH + "?after=cp_none").status());
  }

  private static List<String> projects(JsonNode page) {
    return page.get("data").valueStream().map(some -> some.get("project_id").asString()).toList();
  }

  @Test
  void projectsThatWereNotNamedMayNoLongerUseTheCheckpoint() throws Exception {
    assertEquals(200, chat("proj_b").status(), "nothing is granted yet, so all may");
    var id = ApiFixture.json(grant("proj_a")).get("first_id").asString();
    assertEquals(200, chat("proj_a").status());
    assertEquals(200, chat("").status(), "the owner");
    var refused = chat("proj_b");
    assertEquals(404, refused.status());
    assertEquals("model_not_found", ApiFixture.json(refused).get("error").get("code").asString());
    assertEquals(
        List.of("id", "object", "deleted"),
        ApiFixture.keys(ApiFixture.json(api.delete(PATH + "/" + id))));
    assertEquals(200, chat("proj_b").status());
    assertEquals(404, api.delete(PATH + "/" + id).status());
  }

  private RawHttp.Answer chat(String project) throws IOException {
    var request =
        ApiFixture.request(
            "POST",
            "/v1/chat/completions",
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"
                .formatted(MODEL));
    return RawHttp.exchange(
        api.port(), request.replaceFirst("Host: x", "Host: x\nOpenAI-Project: " + project));
  }

  @Test
  void whatIsNoCheckpointOrNoProjectIsRefused() throws Exception {
    assertEquals(404, api.get(PATH.replace("9abc", "0abc")).status());
    assertEquals(404, api.get("/v1/fine_tuning/checkpoints/tiny-base/permissions").status());
    assertEquals(400, grant("proj a").status());
    assertEquals(400, api.post(PATH, "{\"project_ids\":[]}").status());
    assertEquals(400, api.post(PATH, "{}").status());
  }
}
