package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.wire.Json;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FineTuningTest {

  private static final String JOBS = "/v1/fine_tuning/jobs";

  @TempDir Path folder;
  private ApiFixture api;
  private String file = "";

  @BeforeEach
  void start() throws Exception {
    api = new ApiFixture(folder);
    file = api.uploaded("train.jsonl", "{}");
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void pauseAndResumeAnswerTheJobAsItStandsNow() throws Exception {
    var job =
        ApiFixture.json(
            api.post(JOBS, "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\"}".formatted(file)));
    var path = JOBS + "/" + job.get("id").asString();
    assertEquals("paused", ApiFixture.json(api.post(path + "/pause", "")).get("status").asString());
    assertEquals("paused", ApiFixture.json(api.get(path)).get("status").asString());
    var events = ApiFixture.json(api.get(path + "/events")).get("data");
    assertEquals("Fine-tuning job paused", events.get(0).get("message").asString());
    assertEquals(
        "validating_files",
        ApiFixture.json(api.post(path + "/resume", "{}")).get("status").asString());
    var again = api.post(path + "/resume", "");
    assertEquals(400, again.status());
    assertEquals("fine_tune_id", ApiFixture.json(again).get("error").get("param").asString());
    assertEquals(404, api.post(JOBS + "/ftjob-0123456789abcdef0123/pause", "").status());
  }

  @Test
  void createdJobHasOpenAisKeysInOpenAisOrder() throws Exception {
    var answer =
        api.post(
            JOBS,
            "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\",\"suffix\":\"support\",\"seed\":7}"
                .formatted(file));
    assertEquals(200, answer.status(), answer.text());
    var id = ApiFixture.json(answer).get("id").asString();
    assertTrue(id.matches("ftjob-[A-Za-z0-9]{24}"), id);
    assertEquals(
        """
        {
          "object": "fine_tuning.job",
          "id": "%s",
          "model": "tiny-base",
          "created_at": 1700000000,
          "finished_at": null,
          "fine_tuned_model": null,
          "organization_id": "org-test",
          "result_files": [],
          "status": "validating_files",
          "validation_file": null,
          "training_file": "%s",
          "hyperparameters": {
            "n_epochs": "auto",
            "batch_size": "auto",
            "learning_rate_multiplier": "auto"
          },
          "trained_tokens": null,
          "error": null,
          "user_provided_suffix": "support",
          "seed": 7,
          "estimated_finish": null,
          "integrations": [],
          "metadata": null,
          "usage_metrics": null,
          "shared_with_openai": false,
          "eval_id": null,
          "method": {
            "type": "supervised",
            "supervised": {
              "hyperparameters": {
                "n_epochs": "auto",
                "batch_size": "auto",
                "learning_rate_multiplier": "auto"
              }
            }
          }
        }\
        """
            .formatted(id, file),
        answer.text());
    assertEquals(answer.text(), api.get(JOBS + "/" + id).text());
  }

  @Test
  void fieldsThatOpenAIsApiLacksAreTakenAndShownWhereTheyWereAskedFor() throws Exception {
    var asked =
        """
        {"early_stopping":{"patience":2,"min_delta":0.01},"keep":"best","lora_rank":8,\
        "lora_alpha":24.0,"lora_dropout":0.1,"warmup_ratio":0.05}\
        """;
    for (var type : List.of("supervised", "dpo")) {
      var request =
          "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\",\"validation_file\":\"%s\",\"method\":{\"type\":\"%s\",\"%s\":{\"hyperparameters\":%s}}}"
              .formatted(file, file, type, type, asked);
      var answer = api.post(JOBS, request);
      assertEquals(200, answer.status(), answer.text());
      var shown = ApiFixture.json(answer).get("method").get(type).get("hyperparameters");
      Json.tree(asked)
          .properties()
          .forEach(field -> assertEquals(field.getValue(), shown.get(field.getKey())));
    }
    var refused =
        api.post(
            JOBS,
            "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\",\"hyperparameters\":{\"keep\":\"worst\"}}"
                .formatted(file));
    assertEquals(400, refused.status());
    assertEquals(
        "Invalid value: 'worst'. Supported values are: 'last' and 'best'.",
        ApiFixture.json(refused).get("error").get("message").asString());
  }

  @Test
  void hyperparametersAreTakenFromEitherPlaceAndEchoedInBoth() throws Exception {
    for (var field :
        List.of(
            "\"hyperparameters\":{\"n_epochs\":3,\"batch_size\":null}",
            "\"method\":{\"type\":\"supervised\",\"supervised\":{\"hyperparameters\":{\"n_epochs\":3}}}")) {
      var job = ApiFixture.json(create("," + field));
      assertEquals(3, job.get("hyperparameters").get("n_epochs").intValue());
      assertEquals("auto", job.get("hyperparameters").get("batch_size").asString());
      assertEquals(
          job.get("hyperparameters"), job.get("method").get("supervised").get("hyperparameters"));
    }
  }

  @Test
  void aPreferenceJobIsEchoedUnderItsOwnName() throws Exception {
    var asked =
        ",\"method\":{\"type\":\"dpo\",\"dpo\":{\"hyperparameters\":{\"beta\":0.3,\"n_epochs\":2}}}";
    var job = ApiFixture.json(create(asked));
    var numbers = job.at("/method/dpo/hyperparameters");
    assertEquals("dpo", job.at("/method/type").asString());
    assertEquals(0.3, numbers.get("beta").doubleValue());
    assertEquals(2, numbers.get("n_epochs").intValue());
    assertEquals("auto", numbers.get("batch_size").asString());
    assertEquals(2, job.at("/hyperparameters/n_epochs").intValue());
    assertTrue(job.at("/method/supervised").isMissingNode());
    var bare = ApiFixture.json(create(",\"method\":{\"type\":\"dpo\"}"));
    assertEquals("auto", bare.at("/method/dpo/hyperparameters/beta").asString());
  }

  @Test
  void unknownFieldsAreToleratedAndNullsCountAsMissing() throws Exception {
    var answer =
        create(",\"from_the_future\":{\"a\":[1]},\"suffix\":null,\"seed\":null,\"method\":null");
    assertEquals(200, answer.status(), answer.text());
  }

  @Test
  void listIsNewestFirstAndPagesToAnEmptyPage() throws Exception {
    var made = new ArrayList<String>();
    for (int i = 0; i < 3; i++) {
      made.add(idOf(create(i == 1 ? ",\"metadata\":{\"k\":\"v w\"}" : "")));
    }
    var seen = new ArrayList<String>();
    var query = "?limit=2";
    int pages = 0;
    // As old clients do: go on until a page is empty, whatever has_more says.
    while (true) {
      var list = ApiFixture.json(api.get(JOBS + query));
      assertEquals(List.of("object", "data", "has_more"), ApiFixture.keys(list));
      if (list.get("data").isEmpty()) {
        break;
      }
      list.get("data").forEach(job -> seen.add(job.get("id").asString()));
      query = "?limit=2&after=" + seen.getLast();
      assertTrue(++pages < 5, "paging does not end");
    }
    assertEquals(made.reversed(), seen);
    assertEquals(List.of(made.get(1)), listed("?metadata%5Bk%5D=v%20w"));
    assertEquals(List.of(), listed("?metadata%5Bk%5D=other"));
    assertEquals(List.of(made.get(2), made.get(0)), listed("?metadata=null"));
  }

  @Test
  void repeatedCreationWithTheSameKeyMakesOneJob() throws Exception {
    var first = createWithKey("once", "");
    assertEquals(idOf(first), idOf(createWithKey("once", "")));
    assertNotEquals(idOf(first), idOf(createWithKey("twice", "")));
    assertNotEquals(idOf(first), idOf(create("")));
    assertEquals(400, createWithKey("once", ",\"seed\":5").status());
  }

  @Test
  void cancelTakesAnyBodyAndIsFinal() throws Exception {
    for (var body : List.of("", "{}")) {
      var id = idOf(create(""));
      var cancelled = api.post(JOBS + "/" + id + "/cancel", body);
      assertEquals(200, cancelled.status(), cancelled.text());
      assertEquals("cancelled", ApiFixture.json(cancelled).get("status").asString());
      var again = api.post(JOBS + "/" + id + "/cancel", body);
      assertEquals(400, again.status());
      assertTrue(again.text().contains("Job has already completed: " + id), again.text());
    }
  }

  @Test
  void eventsAreNewestFirstWithTheirDataInEachForm() throws Exception {
    var id = idOf(create(""));
    append(id, 1, "Fine-tuning job started", new EventData.None());
    append(id, 2, "Step 90/90: training loss=0.38", new EventData.Metrics(metrics(90)));
    var list = ApiFixture.json(api.get(JOBS + "/" + id + "/events?limit=3"));
    assertEquals(List.of("object", "data", "has_more"), ApiFixture.keys(list));
    var step = list.get("data").get(0);
    assertEquals(
        List.of("object", "id", "created_at", "level", "type", "message", "data"),
        ApiFixture.keys(step));
    assertEquals("metrics", step.get("type").asString());
    assertEquals(
        List.of(
            "step",
            "total_steps",
            "train_loss",
            "train_mean_token_accuracy",
            "full_valid_loss",
            "full_valid_mean_token_accuracy"),
        ApiFixture.keys(step.get("data")));
    assertTrue(list.get("data").get(1).get("data").isNull());
    var created = list.get("data").get(2);
    assertTrue(created.get("data").isObject() && created.get("data").isEmpty(), "" + created);
    assertEquals("info", created.get("level").asString());
    assertEquals("message", created.get("type").asString());
  }

  @Test
  void stepsWhoseAnswersWereRewardedTellOpenAIsNames() throws Exception {
    var id = idOf(create(""));
    var step =
        metrics(10)
            .with(
                Map.of(
                    "train_mean_reward", 0.42,
                    "train_completion_tokens_mean", 7.5,
                    "train_mean_unresponsive_rewards", 0.0,
                    "full_valid_mean_reward", 0.68));
    append(id, 1, "Step 10/90 , train mean reward=0.42", new EventData.Metrics(step));
    var list = ApiFixture.json(api.get(JOBS + "/" + id + "/events?limit=1"));
    var data = list.get("data").get(0).get("data");
    assertEquals(
        List.of(
            "step",
            "total_steps",
            "full_valid_mean_reward",
            "completion_tokens_mean",
            "train_mean_reward",
            "mean_unresponsive_rewards",
            "reasoning_tokens_mean",
            "valid_reasoning_tokens_mean",
            "scores",
            "errors",
            "usage",
            "timing",
            "model_graders_token_usage"),
        ApiFixture.keys(data));
    assertEquals(0.42, data.get("scores").get("train_reward_mean").asDouble());
    assertEquals(0.68, data.get("scores").get("valid_reward_mean").asDouble());
  }

  @Test
  void checkpointsCarryTheirMetricsAndEmptyListsNoIds() throws Exception {
    var id = idOf(create(""));
    var empty = ApiFixture.json(api.get(JOBS + "/" + id + "/checkpoints"));
    assertEquals(
        List.of("object", "data", "first_id", "last_id", "has_more"), ApiFixture.keys(empty));
    assertTrue(empty.get("first_id").isNull() && empty.get("last_id").isNull());
    var checkpoint = JobObjects.checkpoint(checkpoint(id));
    var json = Json.tree(Json.text(checkpoint));
    assertEquals(
        List.of(
            "object",
            "id",
            "created_at",
            "fine_tuned_model_checkpoint",
            "fine_tuning_job_id",
            "metrics",
            "step_number"),
        ApiFixture.keys(json));
    assertEquals("step", ApiFixture.keys(json.get("metrics")).getFirst());
  }

  @Test
  void modelsAreListedFetchedByAliasAndDeletedByName() throws Exception {
    var name = "ft:tiny-base:personal:a-b:9abcDEFg";
    api.jobs.insert(checkpoint("ftjob-x"));
    var list = ApiFixture.json(api.get("/v1/models"));
    assertEquals(List.of("object", "data"), ApiFixture.keys(list));
    assertEquals(2, list.get("data").size());
    assertEquals(
        List.of("id", "object", "created", "owned_by", "shutdown_date"),
        ApiFixture.keys(list.get("data").get(0)));
    assertEquals(
        "tiny-base", ApiFixture.json(api.get("/v1/models/gpt-3.5-turbo")).get("id").asString());
    assertEquals(name, ApiFixture.json(api.get("/v1/models/" + name)).get("id").asString());
    var deleted = api.delete("/v1/models/" + name.replace(":", "%3A"));
    assertEquals(
        "{\n  \"id\": \"" + name + "\",\n  \"object\": \"model\",\n  \"deleted\": true\n}",
        deleted.text());
    assertEquals(404, api.get("/v1/models/" + name).status());
    assertEquals(403, api.delete("/v1/models/tiny-base").status());
  }

  private static Checkpoint checkpoint(String jobId) {
    return new Checkpoint(
        "ftckpt_x",
        jobId,
        Instant.ofEpochSecond(ApiFixture.NOW),
        "ft:tiny-base:personal:a-b:9abcDEFg",
        "tiny-base",
        "adapter-1",
        90,
        3,
        metrics(90),
        true,
        true);
  }

  private static StepMetricsRecord metrics(int step) {
    return new StepMetricsRecord(
        step,
        90,
        0.3812,
        0.8902,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(0.3604),
        OptionalDouble.of(0.893));
  }

  private void append(String job, int number, String text, EventData data) {
    api.jobs.append(
        "ftevent-" + number,
        job,
        Instant.ofEpochSecond(ApiFixture.NOW),
        EventLevel.INFO,
        text,
        data);
  }

  private List<String> listed(String query) throws Exception {
    var ids = new ArrayList<String>();
    ApiFixture.json(api.get(JOBS + query))
        .get("data")
        .forEach(job -> ids.add(job.get("id").asString()));
    return ids;
  }

  private static String idOf(RawHttp.Answer answer) {
    assertEquals(200, answer.status(), answer.text());
    return ApiFixture.json(answer).get("id").asString();
  }

  private RawHttp.Answer create(String more) throws Exception {
    return api.post(JOBS, body(more));
  }

  private String body(String more) {
    return "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\"%s}".formatted(file, more);
  }

  private RawHttp.Answer createWithKey(String key, String more) throws Exception {
    var request = ApiFixture.request("POST", JOBS, body(more));
    return RawHttp.exchange(
        api.port(), request.replace("Host: x", "Host: x\nIdempotency-Key: " + key));
  }
}
