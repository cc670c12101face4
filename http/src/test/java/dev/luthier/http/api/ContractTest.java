package dev.luthier.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.http.RawHttp;
import dev.luthier.platform.batches.Batch;
import dev.luthier.platform.batches.BatchCounts;
import dev.luthier.platform.batches.BatchError;
import dev.luthier.platform.batches.BatchState;
import dev.luthier.platform.batches.BatchTokens;
import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.TokenLogprob;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.StepMetricsRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// Walks every operation that we offer, on the real server, and judges each answer by the
/// description that the server itself serves; writes docs/compatibility.md.
class ContractTest {
  private static final String MODEL = "ft:tiny-base:personal:a-b:9abcDEFg";
  private static final Path TABLE = Path.of("../docs/compatibility.md");

  private final Deviations deviations = Deviations.read();

  @TempDir Path folder;
  private ApiFixture api;
  private Contract contract;

  @BeforeEach
  void start() throws IOException {
    api = new ApiFixture(folder);
    contract = new Contract(new YAMLMapper().readTree(Files.readString(DescriptionTest.SERVED)));
    api.inference.says((call, sink) -> {
      sink.started(9);
      for (int index = 0; index < call.request().choices(); index++) {
        var token =
            new TokenLogprob(
                "Hi",
                -0.5,
                List.of(72, 105),
                List.of(new TokenLogprob.Alternative("Ho", -1.5, List.of(72, 111))));
        boolean asked = call.request().topLogprobs().isPresent();
        sink.delta(index, "Hi", asked ? List.of(token) : List.of());
        sink.delta(index, "<tool_call>{\"name\":\"f\",\"arguments\":{}}</tool_call>", List.of());
        sink.finished(index, FinishReason.STOP);
      }
      sink.usage(new Usage(9, 2, 4));
    });
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void everyOfferedOperationAnswersAsItIsDescribed() throws Exception {
    withoutAKey();
    files();
    uploads();
    jobs();
    permissions();
    keys();
    models();
    chats();
    storedChats();
    completions();
    responses();
    storedResponses();
    batches();
    usage();
    graders();
    evals();
    assertTrue(contract.faults().isEmpty(), () -> String.join("\n", contract.faults()));
    for (var operation : deviations.offered()) {
      assertTrue(
          contract.seen().getOrDefault(operation, new TreeSet<>()).stream()
              .anyMatch(status -> status < 300),
          operation + " was not walked to a success");
    }
    assertEquals(new TreeSet<>(deviations.offered()), contract.seen().keySet());
  }

  private void withoutAKey() throws IOException {
    for (var operation : deviations.offered()) {
      var line = "/v1" + operation.replaceFirst(".* ", "").replaceAll("\\{\\w+}", "some-id");
      var request = ApiFixture.request(operation.replaceFirst(" .*", ""), line, "{}");
      contract.refused(
          operation,
          401,
          RawHttp.exchange(api.port(), request.replaceAll("Authorization: .*\n", "")));
    }
  }

  private void files() throws IOException {
    contract.ok("GET /files", api.get("/v1/files"));
    var file = contract.ok("POST /files", api.upload("train.jsonl", "fine-tune", "{}"));
    contract.refused("POST /files", 400, api.upload("train.txt", "fine-tune", "{}"));
    contract.ok("POST /files", api.upload("e.jsonl", "evals", "{}"));
    contract.ok("GET /files", api.get("/v1/files?limit=1&order=asc"));
    contract.refused("GET /files", 400, api.get("/v1/files?limit=0"));
    var path = "/v1/files/" + file.get("id").asString();
    contract.ok("GET /files/{file_id}", api.get(path));
    contract.refused("GET /files/{file_id}", 404, api.get("/v1/files/file-none"));
    var content = api.get(path + "/content");
    contract.bytes("GET /files/{file_id}/content", content);
    assertEquals("{}", content.text());
    contract.refused("GET /files/{file_id}/content", 404, api.get("/v1/files/file-none/content"));
    contract.ok("DELETE /files/{file_id}", api.delete(path));
    contract.refused("DELETE /files/{file_id}", 404, api.delete(path));
  }

  private void uploads() throws IOException {
    var body =
        "{\"filename\":\"rows.jsonl\",\"purpose\":\"fine-tune\",\"bytes\":2,\"mime_type\":\"text/jsonl\"}";
    var upload = contract.ok("POST /uploads", api.post("/v1/uploads", body));
    contract.refused("POST /uploads", 400, api.post("/v1/uploads", "{}"));
    var path = "/v1/uploads/" + upload.get("id").asString();
    var part =
        contract.ok(
            "POST /uploads/{upload_id}/parts", api.addPart(upload.get("id").asString(), "{}"));
    contract.refused("POST /uploads/{upload_id}/parts", 415, api.post(path + "/parts", "{}"));
    var complete = "POST /uploads/{upload_id}/complete";
    contract.refused(complete, 400, api.post(path + "/complete", "{\"part_ids\":[\"part_0\"]}"));
    contract.ok(
        complete,
        api.post(
            path + "/complete", "{\"part_ids\":[\"%s\"]}".formatted(part.get("id").asString())));
    var cancel = "POST /uploads/{upload_id}/cancel";
    contract.refused(cancel, 400, api.post(path + "/cancel", ""));
    var other = contract.ok("POST /uploads", api.post("/v1/uploads", body));
    contract.ok(cancel, api.post("/v1/uploads/" + other.get("id").asString() + "/cancel", ""));
  }

  private void jobs() throws IOException {
    var create = "POST /fine_tuning/jobs";
    var list = "GET /fine_tuning/jobs";
    var jobs = "/v1/fine_tuning/jobs";
    contract.ok(list, api.get(jobs));
    var file = api.uploaded("train.jsonl", "{}");
    var body = "{\"model\":\"gpt-4o-mini\",\"training_file\":\"%s\"%s}";
    var more =
        ",\"suffix\":\"a-b\",\"seed\":7,\"metadata\":{\"k\":\"v\"},\"method\":{\"type\":\"supervised\"},"
            + "\"integrations\":[{\"type\":\"wandb\",\"wandb\":{\"project\":\"p\",\"tags\":[\"t\"]}}]";
    var job = contract.ok(create, api.post(jobs, body.formatted(file, more)));
    contract.refused(create, 400, api.post(jobs, body.formatted("file-none", "")));
    contract.ok(list, api.get(jobs + "?metadata%5Bk%5D=v&limit=1"));
    contract.refused(list, 400, api.get(jobs + "?after=ftjob-none"));
    var one = jobs + "/{fine_tuning_job_id}";
    var path = jobs + "/" + job.get("id").asString();
    var none = jobs + "/ftjob-0123456789abcdef0123";
    for (var change : List.of("pause", "resume", "cancel")) {
      var operation = "POST " + one.substring(3) + "/" + change;
      contract.ok(operation, api.post(path + "/" + change, ""));
      contract.refused(operation, 404, api.post(none + "/" + change, ""));
    }
    contract.ok("GET " + one.substring(3), api.get(path));
    contract.refused("GET " + one.substring(3), 404, api.get(none));
    ended(job.get("id").asString());
    contract.ok("GET " + one.substring(3), api.get(path));
    var events = "GET " + one.substring(3) + "/events";
    contract.ok(events, api.get(path + "/events?limit=5"));
    contract.refused(events, 404, api.get(none + "/events"));
    var checkpoints = "GET " + one.substring(3) + "/checkpoints";
    contract.ok(checkpoints, api.get(path + "/checkpoints"));
    contract.refused(checkpoints, 404, api.get(none + "/checkpoints"));
  }

  /// A job that failed, though it has a checkpoint: all objects at once.
  private void ended(String id) {
    var job = api.jobs.find(id).orElseThrow();
    api.jobs.put(
        job.change()
            .state(JobState.FAILED)
            .error(new JobError("invalid_training_file", "It is broken", Optional.empty()))
            .make());
    var now = Instant.ofEpochSecond(ApiFixture.NOW);
    var figures = StepMetricsRecord.training(90, 90, 0.3812, 0.8902);
    api.jobs.append("ftevent-1", id, now, EventLevel.INFO, "started", new EventData.None());
    api.jobs.append(
        "ftevent-2", id, now, EventLevel.WARN, "Step 90", new EventData.Metrics(figures));
    api.jobs.insert(
        new Checkpoint(
            "ftckpt_x", id, now, MODEL, "tiny-base", "adapter-1", 90, 3, figures, true, true));
  }

  private void permissions() throws IOException {
    var described = " /fine_tuning/checkpoints/{fine_tuned_model_checkpoint}/permissions";
    var path = "/v1/fine_tuning/checkpoints/" + MODEL + "/permissions";
    contract.ok("GET" + described, api.get(path));
    var granted = contract.ok("POST" + described, api.post(path, "{\"project_ids\":[\"proj_a\"]}"));
    contract.refused("POST" + described, 400, api.post(path, "{}"));
    contract.ok("GET" + described, api.get(path));
    contract.refused("GET" + described, 400, api.get(path + "?order=up"));
    var one = path + "/" + granted.get("first_id").asString();
    contract.ok("DELETE" + described + "/{permission_id}", api.delete(one));
    contract.refused("DELETE" + described + "/{permission_id}", 404, api.delete(one));
  }

  private void keys() throws IOException {
    var described = " /organization/admin_api_keys";
    var path = "/v1/organization/admin_api_keys";
    contract.ok("GET" + described, api.get(path));
    var made = contract.ok("POST" + described, api.post(path, "{\"name\":\"a\"}"));
    contract.refused("POST" + described, 400, api.post(path, "{}"));
    contract.refused("GET" + described, 400, api.get(path + "?limit=0"));
    var one = path + "/" + made.get("id").asString();
    contract.ok("GET" + described + "/{key_id}", api.get(one));
    contract.ok("DELETE" + described + "/{key_id}", api.delete(one));
    contract.refused("GET" + described + "/{key_id}", 404, api.get(one));
    contract.refused("DELETE" + described + "/{key_id}", 404, api.delete(one));
  }

  private void models() throws IOException {
    contract.ok("GET /models", api.get("/v1/models"));
    contract.ok("GET /models/{model}", api.get("/v1/models/" + MODEL));
    contract.refused("GET /models/{model}", 404, api.get("/v1/models/none"));
    contract.ok("DELETE /models/{model}", api.delete("/v1/models/" + MODEL));
    contract.refused("DELETE /models/{model}", 403, api.delete("/v1/models/tiny-base"));
  }

  private static String asking(String more) {
    return "{\"model\":\"tiny-base\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hello?\"}]}]"
        + more
        + "}";
  }

  private void chats() throws IOException {
    var chat = "POST /chat/completions";
    var path = "/v1/chat/completions";
    var tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]";
    var functions = ",\"functions\":[{\"name\":\"f\",\"parameters\":{}}]";
    var logprobs = ",\"logprobs\":true,\"top_logprobs\":1";
    for (var more : List.of("", ",\"n\":2", logprobs, tools, functions)) {
      contract.ok(chat, api.post(path, asking(more)));
      contract.streamed(chat, api.post(path, asking(more + ",\"stream\":true")));
    }
    var usage = ",\"stream\":true,\"stream_options\":{\"include_usage\":true}";
    contract.streamed(chat, api.post(path, asking(usage)));
    contract.refused(
        chat,
        404,
        api.post(path, "{\"model\":\"no\",\"messages\":[{\"role\":\"user\",\"content\":\"?\"}]}"));
    contract.refused(chat, 400, api.post(path, "{\"model\":\"tiny-base\"}"));
  }

  private void storedChats() throws IOException {
    var path = "/v1/chat/completions";
    contract.ok("GET /chat/completions", api.get(path));
    var tools =
        ",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{}}}]";
    var made = api.post(path, asking(tools + ",\"store\":true,\"metadata\":{\"k\":\"v\"}"));
    var one = path + "/" + ApiFixture.json(made).get("id").asString();
    contract.ok("GET /chat/completions", api.get(path + "?metadata[k]=v&order=desc"));
    contract.refused("GET /chat/completions", 400, api.get(path + "?limit=101"));
    var described = " /chat/completions/{completion_id}";
    contract.ok("GET" + described, api.get(one));
    contract.ok("POST" + described, api.post(one, "{\"metadata\":{\"k\":\"w\"}}"));
    contract.refused("POST" + described, 400, api.post(one, "{}"));
    contract.ok("GET" + described + "/messages", api.get(one + "/messages"));
    contract.ok("DELETE" + described, api.delete(one));
    contract.refused("GET" + described, 404, api.get(one));
    contract.refused("DELETE" + described, 404, api.delete(one));
    contract.refused("GET" + described + "/messages", 404, api.get(one + "/messages"));
  }

  private void completions() throws IOException {
    var described = "POST /completions";
    var body = "{\"model\":\"tiny-base\",\"prompt\":\"Hello?\"%s}";
    for (var more : List.of("", ",\"n\":2", ",\"logprobs\":1")) {
      contract.ok(described, api.post("/v1/completions", body.formatted(more)));
      contract.streamed(
          described, api.post("/v1/completions", body.formatted(more + ",\"stream\":true")));
    }
    contract.refused(described, 400, api.post("/v1/completions", "{}"));
  }

  private void responses() throws IOException {
    var described = "POST /responses";
    var body = "{\"model\":\"tiny-base\",\"input\":\"Hello?\"%s}";
    var tools =
        ",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{},\"strict\":false}]";
    for (var more :
        List.of("", ",\"instructions\":\"Be brief\",\"metadata\":{\"k\":\"v\"}", tools)) {
      contract.ok(described, api.post("/v1/responses", body.formatted(more)));
      contract.streamed(
          described, api.post("/v1/responses", body.formatted(more + ",\"stream\":true")));
    }
    contract.refused(described, 400, api.post("/v1/responses", "{}"));
    for (var operation : List.of("/responses/input_tokens", "/responses/compact")) {
      contract.ok("POST " + operation, api.post("/v1" + operation, body.formatted(tools)));
      contract.refused("POST " + operation, 400, api.post("/v1" + operation, "{}"));
    }
  }

  private void storedResponses() throws IOException {
    var path = "/v1/responses";
    var include =
        ",\"include\":[\"message.output_text.logprobs\"],\"top_logprobs\":1,\"stream\":true";
    var input =
        "{\"model\":\"tiny-base\",\"input\":[{\"role\":\"user\",\"content\":\"?\"},"
            + "{\"role\":\"assistant\",\"content\":\"!\"},{\"type\":\"function_call\",\"call_id\":\"c\","
            + "\"name\":\"f\",\"arguments\":\"{}\"},{\"type\":\"function_call_output\",\"call_id\":\"c\","
            + "\"output\":\"1\"}]%s}";
    contract.streamed("POST /responses", api.post(path, input.formatted(include)));
    var made = contract.ok("POST /responses", api.post(path, input.formatted("")));
    var described = " /responses/{response_id}";
    var one = path + "/" + made.get("id").asString();
    contract.ok("GET" + described, api.get(one));
    contract.ok("GET" + described + "/input_items", api.get(one + "/input_items?order=asc"));
    contract.refused(
        "GET" + described + "/input_items", 400, api.get(one + "/input_items?limit=0"));
    contract.refused("POST" + described + "/cancel", 400, api.post(one + "/cancel", ""));
    var queued = api.post(path, input.formatted(",\"background\":true"));
    var id = contract.ok("POST /responses", queued).get("id").asString();
    contract.ok("POST" + described + "/cancel", api.post(path + "/" + id + "/cancel", ""));
    var followed = api.post(path, input.formatted(",\"background\":true,\"stream\":true"));
    var events = contract.streamed("POST /responses", followed);
    var follow = path + "/" + events.getFirst().at("/response/id").asString() + "?stream=true";
    assertEquals(events, contract.streamed("GET" + described, api.get(follow)));
    contract.ok("DELETE" + described, api.delete(one));
    contract.refused("GET" + described, 404, api.get(one));
    contract.refused("DELETE" + described, 404, api.delete(one));
  }

  private void usage() throws IOException {
    var path = "/v1/organization/";
    var query = "?start_time=" + (ApiFixture.NOW - 90_000);
    for (var group : List.of("", "&group_by=model&group_by=batch", "&bucket_width=1h&limit=5")) {
      contract.ok(
          "GET /organization/usage/completions",
          api.get(path + "usage/completions" + query + group));
    }
    for (var group : List.of("", "&group_by=line_item")) {
      contract.ok("GET /organization/costs", api.get(path + "costs" + query + group));
    }
    for (var kind : UsageResource.UNUSED) {
      contract.ok("GET /organization/usage/" + kind, api.get(path + "usage/" + kind + query));
      contract.refused("GET /organization/usage/" + kind, 400, api.get(path + "usage/" + kind));
    }
    contract.refused(
        "GET /organization/usage/completions", 400, api.get(path + "usage/completions"));
    contract.refused("GET /organization/costs", 400, api.get(path + "costs"));
  }

  private void batches() throws IOException {
    contract.ok("GET /batches", api.get("/v1/batches"));
    var line =
        "{\"custom_id\":\"a\",\"method\":\"POST\",\"url\":\"/v1/responses\",\"body\":{\"model\":\"m\"}}";
    var file = ApiFixture.json(api.upload("in.jsonl", "batch", line)).get("id").asString();
    var body =
        "{\"input_file_id\":\"%s\",\"endpoint\":\"/v1/responses\",\"completion_window\":\"%s\",\"metadata\":{\"k\":\"v\"},"
            + "\"output_expires_after\":{\"anchor\":\"created_at\",\"seconds\":%d}}";
    var batch =
        contract.ok("POST /batches", api.post("/v1/batches", body.formatted(file, "24h", 3600)));
    contract.ok("POST /batches", api.post("/v1/batches", body.formatted(file, "24h", 3600)));
    for (var refused :
        List.of(
            "{}",
            body.formatted(file, "48h", 3600),
            body.formatted(file, "24h", 60),
            body.formatted("file-none", "24h", 3600))) {
      contract.refused("POST /batches", 400, api.post("/v1/batches", refused));
    }
    var id = batch.get("id").asString();
    contract.ok("GET /batches", api.get("/v1/batches?limit=1"));
    contract.refused("GET /batches", 400, api.get("/v1/batches?after=batch_none"));
    contract.ok("GET /batches/{batch_id}", api.get("/v1/batches/" + id));
    contract.refused("GET /batches/{batch_id}", 404, api.get("/v1/batches/batch_none"));
    var cancel = "POST /batches/{batch_id}/cancel";
    contract.ok(cancel, api.post("/v1/batches/" + id + "/cancel", ""));
    contract.refused(cancel, 404, api.post("/v1/batches/batch_none/cancel", ""));
    endedBatch(id);
    contract.ok("GET /batches/{batch_id}", api.get("/v1/batches/" + id));
    contract.refused(cancel, 400, api.post("/v1/batches/" + id + "/cancel", ""));
  }

  /// A batch with everything that one can carry.
  private void endedBatch(String id) {
    var batch = api.batches.find(id).orElseThrow();
    var now = Instant.ofEpochSecond(ApiFixture.NOW);
    var times = new EnumMap<BatchState, Instant>(BatchState.class);
    for (var state : BatchState.values()) {
      times.put(state, now);
    }
    api.batches.update(
        new Batch(
            id,
            batch.order(),
            now,
            BatchState.FAILED,
            times,
            Optional.of("tiny-base"),
            List.of(
                new BatchError("invalid_url", "Wrong", Optional.of("url"), Optional.of(1)),
                new BatchError("empty_file", "Empty", Optional.empty(), Optional.empty())),
            new BatchCounts(3, 1, 1),
            new BatchTokens(4, 1, 2),
            Optional.of("file-a"),
            Optional.of("file-b")));
  }

  @Test
  void anAnswerThatIsNotAsItIsDescribedIsFound() {
    var headers =
        Map.of(
            "content-type", "application/json",
            "x-request-id", "req_" + "0".repeat(32),
            "openai-version", "2020-10-01",
            "openai-organization", "personal",
            "openai-processing-ms", "1");
    var broken = "{\"object\":\"list\",\"data\":[{\"id\":5,\"object\":\"model\",\"created\":1}]}";
    contract.ok("GET /models", new RawHttp.Answer(200, headers, broken));
    assertEquals(2, contract.faults().size(), () -> contract.faults().toString());
  }

  @Test
  void whatIsNotOfferedAnswersWithTheEnvelope() throws Exception {
    for (var operation : operations()) {
      if (!deviations.offered().contains(operation)) {
        var parts = operation.split(" ", 2);
        var path = "/v1" + parts[1].replaceAll("\\{\\w+}", "some-id");
        var answer = api.send(parts[0], path, "{}");
        assertTrue(List.of(404, 405).contains(answer.status()), operation + " " + answer.status());
        assertTrue(ApiFixture.json(answer).get("error").has("message"), operation);
      }
    }
  }

  @Test
  void theServerServesItsDescription() throws Exception {
    var answer = RawHttp.exchange(api.port(), "GET /openapi.yaml HTTP/1.1\nHost: x\n\n");
    assertEquals(200, answer.status());
    assertEquals("application/yaml", answer.header("content-type"));
    assertEquals(Files.readString(DescriptionTest.SERVED), answer.text());
  }

  @Test
  void theTableOfCompatibilityIsWhatTheDescriptionAndTheDeviationsSay() throws Exception {
    var table = Compatibility.table(operations(), deviations);
    if (Boolean.getBoolean("luthier.write")) {
      Files.writeString(TABLE, table);
    }
    assertEquals(
        table, Files.readString(TABLE), "-Dluthier.write=true writes docs/compatibility.md");
  }

  private static List<String> operations() throws IOException {
    return Files.readAllLines(Path.of("src/test/resources/dev/luthier/http/api/operations.txt"));
  }

  private void graders() throws IOException {
    var check =
        "{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"{{sample.output_text}}\","
            + "\"reference\":\"{{item.x}}\",\"operation\":\"eq\"}";
    var judge =
        "{\"type\":\"score_model\",\"name\":\"j\",\"model\":\"tiny-base\","
            + "\"input\":[{\"role\":\"user\",\"content\":\"{{sample.output_text}}\"}]}";
    var multi =
        "{\"type\":\"multi\",\"name\":\"m\",\"graders\":{\"c\":%s,\"j\":%s},\"calculate_output\":\"%s\"}"
            .formatted(check, judge, "c + j");
    for (var grader : List.of(check, judge, multi)) {
      var body = "{\"grader\":" + grader + "}";
      var validate = "POST /fine_tuning/alpha/graders/validate";
      contract.ok(validate, api.post("/v1" + validate.substring(5), body));
      contract.refused(validate, 400, api.post("/v1" + validate.substring(5), "{\"grader\":{}}"));
      var run = "POST /fine_tuning/alpha/graders/run";
      var sampled = "{\"grader\":" + grader + ",\"item\":{\"x\":\"a\"},\"model_sample\":\"a\"}";
      contract.ok(run, api.post("/v1" + run.substring(5), sampled));
      contract.refused(run, 400, api.post("/v1" + run.substring(5), body));
    }
  }

  private static final String CRITERIA =
      "[{\"type\":\"string_check\",\"name\":\"c\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"Hi\",\"operation\":\"eq\"},"
          + "{\"type\":\"text_similarity\",\"name\":\"t\",\"input\":\"{{sample.output_text}}\","
          + "\"reference\":\"Hi\",\"evaluation_metric\":\"bleu\",\"pass_threshold\":0.5},"
          + "{\"type\":\"label_model\",\"name\":\"l\",\"model\":\"tiny-base\",\"labels\":[\"a\"],"
          + "\"passing_labels\":[\"a\"],\"input\":[{\"role\":\"user\",\"content\":\"x\"}]},"
          + "{\"type\":\"score_model\",\"name\":\"s\",\"model\":\"tiny-base\",\"pass_threshold\":0.5,"
          + "\"input\":[{\"role\":\"user\",\"content\":\"x\"}]}]";

  private void evals() throws Exception {
    contract.ok("GET /evals", api.get("/v1/evals"));
    for (var config :
        List.of(
            "{\"type\":\"custom\",\"item_schema\":{\"type\":\"object\"},\"include_sample_schema\":true}",
            "{\"type\":\"logs\",\"metadata\":{\"a\":\"b\"}}",
            "{\"type\":\"stored_completions\"}")) {
      var body = "{\"data_source_config\":%s,\"testing_criteria\":%s}".formatted(config, CRITERIA);
      var eval = contract.created("POST /evals", api.post("/v1/evals", body));
      evalRuns("/v1/evals/" + eval.get("id").asString());
    }
    contract.refused("POST /evals", 400, api.post("/v1/evals", "{}"));
    contract.ok("GET /evals", api.get("/v1/evals?limit=1&order=desc&order_by=updated_at"));
    contract.refused("GET /evals", 400, api.get("/v1/evals?order_by=size"));
  }

  private void evalRuns(String eval) throws Exception {
    contract.ok("GET /evals/{eval_id}", api.get(eval));
    contract.refused("GET /evals/{eval_id}", 404, api.get("/v1/evals/eval_none"));
    contract.ok("POST /evals/{eval_id}", api.post(eval, "{\"name\":\"other\"}"));
    contract.refused("POST /evals/{eval_id}", 400, api.post(eval, "{\"name\":7}"));
    var runs = "/evals/{eval_id}/runs";
    contract.ok("GET " + runs, api.get(eval + "/runs"));
    var rows = "\"source\":{\"type\":\"file_content\",\"content\":[{\"item\":{\"q\":\"a\"}}]}";
    for (var source :
        List.of(
            "{\"type\":\"jsonl\"," + rows + "}",
            "{\"type\":\"responses\",\"source\":{\"type\":\"responses\",\"model\":\"tiny-base\"}}",
            "{\"type\":\"completions\",\"model\":\"tiny-base\",\"input_messages\":{\"type\":\"template\","
                + "\"template\":[{\"role\":\"user\",\"content\":\"{{item.q}}\"}]},"
                + rows
                + "}",
            "{\"type\":\"responses\",\"model\":\"tiny-base\",\"input_messages\":{\"type\":\"template\","
                + "\"template\":[{\"role\":\"user\",\"content\":\"{{item.none}}\"}]},"
                + rows
                + "}")) {
      var made =
          contract.created(
              "POST " + runs, api.post(eval + "/runs", "{\"data_source\":" + source + "}"));
      api.endEvals();
      evalRun(eval + "/runs/" + made.get("id").asString());
    }
    contract.refused("POST " + runs, 400, api.post(eval + "/runs", "{}"));
    var stored =
        "{\"data_source\":{\"type\":\"completions\",\"source\":{\"type\":\"file_id\",\"id\":\"%s\"}}}";
    var file = ApiFixture.json(api.upload("e.jsonl", "evals", "nothing")).get("id").asString();
    var failing =
        contract.created("POST " + runs, api.post(eval + "/runs", stored.formatted(file)));
    api.endEvals();
    var run = "/evals/{eval_id}/runs/{run_id}";
    var failed = contract.ok("GET " + run, api.get(eval + "/runs/" + failing.get("id").asString()));
    assertEquals("failed", failed.get("status").asString());
    contract.refused("GET " + runs, 400, api.get(eval + "/runs?status=odd"));
    contract.ok("GET " + runs, api.get(eval + "/runs?status=completed&limit=2"));
    var canceled =
        contract.created("POST " + runs, api.post(eval + "/runs", stored.formatted(file)));
    contract.ok("POST " + run, api.post(eval + "/runs/" + canceled.get("id").asString(), ""));
    contract.refused(
        "POST " + run, 400, api.post(eval + "/runs/" + canceled.get("id").asString(), ""));
    contract.ok("DELETE /evals/{eval_id}", api.delete(eval));
    contract.refused("DELETE /evals/{eval_id}", 404, api.delete(eval));
  }

  private void evalRun(String run) throws IOException {
    var operation = "/evals/{eval_id}/runs/{run_id}";
    contract.ok("GET " + operation, api.get(run));
    contract.refused("GET " + operation, 404, api.get(run + "x"));
    var items = contract.ok("GET " + operation + "/output_items", api.get(run + "/output_items"));
    contract.refused(
        "GET " + operation + "/output_items", 400, api.get(run + "/output_items?status=odd"));
    contract.ok("GET " + operation + "/output_items", api.get(run + "/output_items?status=pass"));
    var item = "GET " + operation + "/output_items/{output_item_id}";
    var id = items.at("/data/0/id").asString();
    contract.ok(item, api.get(run + "/output_items/" + id));
    contract.refused(item, 404, api.get(run + "/output_items/none"));
    contract.ok("DELETE " + operation, api.delete(run));
    contract.refused("DELETE " + operation, 404, api.delete(run));
  }
}
