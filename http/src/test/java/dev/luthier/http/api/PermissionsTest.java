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
import java.util.Map;
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

  @Test
  void theyMayNotReachItByAnotherRoadEither() throws Exception {
    grant("proj_a");
    var line =
        """
        {"custom_id":"1","method":"POST","url":"/v1/chat/completions","body":{"model":"%s","messages":[]}}
        """
            .formatted(MODEL);
    var file = ApiFixture.json(api.upload("in.jsonl", "batch", "\n" + line)).get("id").asString();
    var judge =
        """
        {"type":"score_model","name":"j","model":"%s","input":[{"role":"user","content":"?"}]}\
        """
            .formatted(MODEL);
    var training = api.uploaded("rows.jsonl", "{}");
    var asked =
        Map.of(
            "/v1/fine_tuning/jobs",
            "{\"model\":\"%s\",\"training_file\":\"%s\"}".formatted(MODEL, training),
            "/v1/batches",
            """
            {"input_file_id":"%s","endpoint":"/v1/chat/completions","completion_window":"24h"}\
            """
                .formatted(file),
            "/v1/fine_tuning/alpha/graders/validate",
            "{\"grader\":%s}".formatted(judge),
            "/v1/fine_tuning/alpha/graders/run",
            "{\"grader\":%s,\"model_sample\":\"a\"}".formatted(judge),
            "/v1/evals",
            evalJudgedBy(judge));
    for (var one : asked.entrySet()) {
      var refused = as("proj_b", "POST", one.getKey(), one.getValue());
      assertEquals(404, refused.status(), one.getKey());
      assertEquals(
          "model_not_found",
          ApiFixture.json(refused).get("error").get("code").asString(),
          one.getKey());
    }
    for (var one : asked.entrySet()) {
      int status = as("proj_a", "POST", one.getKey(), one.getValue()).status();
      assertTrue(status < 300, () -> one.getKey() + ": " + status);
    }
    var eval = ApiFixture.json(api.post("/v1/evals", evalJudgedBy(judge))).get("id").asString();
    var run =
        """
        {"data_source":{"type":"jsonl","source":{"type":"file_content","content":[{"item":{"a":"b"}}]}}}\
        """;
    assertEquals(404, as("proj_b", "POST", "/v1/evals/" + eval + "/runs", run).status());
    assertEquals(201, as("proj_a", "POST", "/v1/evals/" + eval + "/runs", run).status());
  }

  private static String evalJudgedBy(String judge) {
    return """
    {"data_source_config":{"type":"custom","item_schema":{"type":"object","properties":{"a":{"type":"string"}}}},\
    "testing_criteria":[%s]}\
    """
        .formatted(judge);
  }

  @Test
  void theyDoNotSeeItAmongTheModelsNorDeleteIt() throws Exception {
    var path = "/v1/models/" + MODEL;
    grant("proj_a");
    assertEquals(404, as("proj_b", "GET", path, "").status());
    assertEquals(404, as("proj_b", "DELETE", path, "").status());
    assertTrue(!as("proj_b", "GET", "/v1/models", "").text().contains(MODEL));
    assertTrue(as("proj_a", "GET", "/v1/models", "").text().contains(MODEL));
    assertTrue(api.get("/v1/models").text().contains(MODEL));
    assertEquals(200, as("proj_a", "GET", path, "").status());
    assertEquals(200, as("proj_a", "DELETE", path, "").status());
  }

  private RawHttp.Answer chat(String project) throws IOException {
    return as(
        project,
        "POST",
        "/v1/chat/completions",
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}".formatted(MODEL));
  }

  private RawHttp.Answer as(String project, String method, String path, String body)
      throws IOException {
    return RawHttp.exchange(
        api.port(),
        ApiFixture.request(method, path, body)
            .replaceFirst("Host: x", "Host: x\nOpenAI-Project: " + project));
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
