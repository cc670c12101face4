package dev.luthier.store.life;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.batches.Batch;
import dev.luthier.platform.batches.BatchCounts;
import dev.luthier.platform.batches.BatchRunner;
import dev.luthier.platform.batches.BatchService;
import dev.luthier.platform.batches.BatchState;
import dev.luthier.platform.batches.BatchTokens;
import dev.luthier.platform.batches.CreateBatch;
import dev.luthier.platform.batches.LineAnswers;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.UploadRequest;
import dev.luthier.store.folder.FolderBlobStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlBatchStore;
import dev.luthier.store.sql.SqlFileStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Batches from their order to their files, on real rows and bytes, with answers made up here.
class BatchLifeTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String CHAT = "/v1/chat/completions";
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final SetClock clock = new SetClock();
  private final List<String> told = new ArrayList<>();
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @TempDir Path folder;
  private Database database;
  private SqlFileStore fileRows;
  private FolderBlobStore blobs;
  private FileService files;
  private BatchService batches;
  private BatchRunner runner;

  @BeforeEach
  void open() throws IOException {
    var identifiers = new Identifiers(new Random(5));
    database = Database.open(folder.resolve("luthier.db"), clock);
    fileRows = new SqlFileStore(database);
    blobs = new FolderBlobStore(folder.resolve("files"), folder.resolve("tmp"));
    files = new FileService(fileRows, blobs, identifiers, clock);
    batches = new BatchService(new SqlBatchStore(database), fileRows, database, identifiers, clock);
    runner = runner(this::answer);
  }

  @AfterEach
  void close() {
    runner.close();
    database.close();
  }

  private BatchRunner runner(LineAnswers answers) {
    return new BatchRunner(
        new BatchRunner.Collaborators(
            new SqlBatchStore(database),
            files,
            fileRows,
            blobs,
            "tiny"::equals,
            answers,
            (type, id) -> told.add(type + " " + id),
            database),
        new BatchRunner.Pace(2, () -> {}, Duration.ofMillis(1)),
        new Identifiers(new Random(6)),
        clock);
  }

  /// Refuses what asks for 9.
  private LineAnswers.Answer answer(String endpoint, JsonNode body) {
    assertEquals(CHAT, endpoint);
    asked.add(body.get("user").asString());
    boolean refused = body.get("user").asString().equals("9");
    return new LineAnswers.Answer(
        refused ? 400 : 200,
        "req_1",
        JSON.readTree(
            refused
                ? "{\"error\":{\"message\":\"no\"}}"
                : "{\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":2,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":1}}}"));
  }

  private static String line(int number) {
    return "{\"custom_id\":\"r%d\",\"method\":\"POST\",\"url\":\"%s\",\"body\":{\"model\":\"tiny\",\"user\":\"%d\"}}"
        .formatted(number, CHAT, number);
  }

  private static String lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(BatchLifeTest::line)
        .collect(Collectors.joining("\n"));
  }

  private Batch order(String content) {
    var file =
        files.upload(
            new UploadRequest(
                "in.jsonl",
                "batch",
                new ByteArrayInputStream(content.getBytes(UTF_8)),
                OptionalLong.empty()));
    return batches.create(
        new CreateBatch(file.id(), CHAT, Map.of("k", "v"), OptionalLong.of(3600)));
  }

  private Batch until(String id, BatchState state) throws InterruptedException {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (batches.get(id).state() != state) {
      assertTrue(System.nanoTime() < end, () -> batches.get(id) + " never became " + state);
      runner.tick();
      Thread.sleep(1);
    }
    return batches.get(id);
  }

  private List<JsonNode> content(String fileId) throws IOException {
    try (var stream = files.open(fileId).stream()) {
      return new String(stream.readAllBytes(), UTF_8).lines().map(JSON::readTree).toList();
    }
  }

  private static List<String> ids(List<JsonNode> lines) {
    return lines.stream().map(line -> line.get("custom_id").asString()).toList();
  }

  @Test
  void everyLineIsAnsweredInOneOfTwoFiles() throws Exception {
    var ordered = order(lines(10));
    assertEquals(BatchState.VALIDATING, ordered.state());
    files.delete(ordered.order().inputFileId()); // it is held
    var done = until(ordered.id(), BatchState.COMPLETED);
    assertEquals(List.of("batch.completed " + done.id()), told);
    assertEquals(new BatchCounts(10, 9, 1), done.counts());
    assertEquals(new BatchTokens(45, 9, 18), done.tokens());
    assertEquals("tiny", done.model().orElseThrow());
    assertEquals(Map.of("k", "v"), done.order().metadata());
    assertTrue(done.time(BatchState.IN_PROGRESS).isPresent());
    assertTrue(done.time(BatchState.FINALIZING).isPresent());
    var output = content(done.outputFileId().orElseThrow());
    assertEquals(List.of("r1", "r2", "r3", "r4", "r5", "r6", "r7", "r8", "r10"), ids(output));
    var first = output.getFirst();
    assertTrue(first.get("id").asString().startsWith("batch_req_"));
    assertEquals(200, first.get("response").get("status_code").asInt());
    assertEquals("req_1", first.get("response").get("request_id").asString());
    assertTrue(first.get("response").get("body").has("usage"));
    assertTrue(first.get("error").isNull());
    var errors = content(done.errorFileId().orElseThrow());
    assertEquals(List.of("r9"), ids(errors));
    assertEquals(400, errors.getFirst().get("response").get("status_code").asInt());
    var file = files.get(done.outputFileId().orElseThrow());
    assertEquals(clock.instant().plusSeconds(3600), file.expiresAt().orElseThrow());
    clock.pass(Duration.ofDays(1));
    files.purge();
    assertThrows(IOException.class, () -> blobs.open(ordered.order().inputFileId()).close());
  }

  @Test
  void aFileThatCannotBeAskedSaysWhereAndIsNotAsked() throws Exception {
    var content =
        String.join(
            "\n",
            line(1),
            "{\"custom_id\":",
            line(1),
            line(4).replace("POST", "GET"),
            line(5).replace("chat/completions", "embeddings"),
            line(6).replace("tiny", "other"),
            line(7).replace("\"user\"", "\"stream\":true,\"user\""),
            "[]",
            "{\"method\":\"POST\",\"url\":\"/v1/chat/completions\"}");
    var failed = until(order(content).id(), BatchState.FAILED);
    assertEquals(
        List.of(
            "2 invalid_json_line",
            "3 duplicate_custom_id custom_id",
            "4 invalid_method method",
            "5 invalid_url url",
            "6 mismatched_model body.model",
            "7 unsupported_parameter body.stream",
            "8 invalid_json_line",
            "9 missing_required_parameter custom_id",
            "9 missing_required_parameter body"),
        failed.errors().stream()
            .map(error ->
                error.line().orElseThrow()
                    + " "
                    + error.code()
                    + error.param().map(param -> " " + param).orElse(""))
            .toList());
    assertEquals(List.of(), asked);
    assertEquals(List.of("batch.failed " + failed.id()), told);
    assertTrue(failed.time(BatchState.FAILED).isPresent());
    var empty = until(order("\n\n").id(), BatchState.FAILED);
    assertEquals("empty_file", empty.errors().getFirst().code());
    var deep = until(order("[".repeat(5000)).id(), BatchState.FAILED);
    assertEquals("invalid_json_line", deep.errors().getFirst().code());
    var unknown = until(order(line(1).replace("tiny", "huge")).id(), BatchState.FAILED);
    assertEquals("model_not_found", unknown.errors().getFirst().code());
  }

  @Test
  void anotherLifeAsksOnlyWhatIsNotAnswered() throws Exception {
    var never = new CountDownLatch(1);
    runner.close();
    runner =
        runner((endpoint, body) -> {
          if (asked.size() >= 5) {
            never.await(); // the process is killed while it waits
          }
          return answer(endpoint, body);
        });
    var id = order(lines(12)).id();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (batches.get(id).counts().completed() < 5) {
      assertTrue(System.nanoTime() < end, () -> "stuck at " + batches.get(id));
      runner.tick();
      Thread.sleep(1);
    }
    runner.close();
    int before = asked.size();
    assertTrue(before < 12, "nothing was left to ask");
    runner = runner(this::answer);
    var done = until(id, BatchState.COMPLETED);
    assertEquals(new BatchCounts(12, 11, 1), done.counts());
    assertEquals(12, asked.size(), "lines were asked twice: " + asked);
    assertEquals(12, new TreeSet<>(asked).size());
  }

  @Test
  void aCancelledBatchKeepsWhatIsAnswered() throws Exception {
    var never = new CountDownLatch(1);
    runner.close();
    runner =
        runner((endpoint, body) -> {
          if (body.get("user").asString().compareTo("2") > 0) {
            never.await();
          }
          return answer(endpoint, body);
        });
    var id = order(lines(8)).id();
    long end = System.nanoTime() + LIMIT.toNanos();
    while (batches.get(id).counts().completed() < 2) {
      assertTrue(System.nanoTime() < end, () -> "stuck at " + batches.get(id));
      runner.tick();
      Thread.sleep(1);
    }
    assertEquals(BatchState.CANCELLING, batches.cancel(id).state());
    assertEquals(BatchState.CANCELLING, batches.cancel(id).state());
    var cancelled = until(id, BatchState.CANCELLED);
    assertEquals(new BatchCounts(8, 2, 0), cancelled.counts());
    assertEquals(List.of("r1", "r2"), ids(content(cancelled.outputFileId().orElseThrow())));
    assertEquals(List.of("batch.cancelled " + id), told);
    assertTrue(cancelled.errorFileId().isEmpty());
    assertTrue(cancelled.time(BatchState.CANCELLING).isPresent());
    assertThrows(ApiException.class, () -> batches.cancel(id));
  }

  @Test
  void whatIsNotAskedWithinADayIsToldSo() throws Exception {
    var id = order(lines(3)).id();
    clock.pass(Duration.ofHours(25));
    var expired = until(id, BatchState.EXPIRED);
    var errors = content(expired.errorFileId().orElseThrow());
    assertEquals(List.of("r1", "r2", "r3"), ids(errors));
    assertTrue(errors.getFirst().get("response").isNull());
    assertEquals("batch_expired", errors.getFirst().get("error").get("code").asString());
    assertEquals(List.of(), asked);
    assertEquals(new BatchCounts(3, 0, 3), expired.counts());
  }

  @Test
  void aFailureOfTheServersIsTriedAgain() throws Exception {
    runner.close();
    runner =
        runner((endpoint, body) ->
            asked.size() < 2
                ? new LineAnswers.Answer(
                    asked.add("x") ? 503 : 0, "req_2", JSON.readTree("{\"error\":{}}"))
                : answer(endpoint, body));
    var done = until(order(line(1)).id(), BatchState.COMPLETED);
    assertEquals(new BatchCounts(1, 1, 0), done.counts());
    assertEquals(List.of("x", "x", "1"), asked);
  }

  @Test
  void aRateLimitIsWaitedFor() throws Exception {
    runner.close();
    runner =
        runner((endpoint, body) ->
            asked.size() < 6
                ? new LineAnswers.Answer(asked.add("x") ? 429 : 0, "req_2", JSON.readTree("{}"))
                : answer(endpoint, body));
    var done = until(order(line(1)).id(), BatchState.COMPLETED);
    assertEquals(new BatchCounts(1, 1, 0), done.counts());
  }

  @Test
  void aFailureThatStaysIsAnAnswerAtLast() throws Exception {
    runner.close();
    runner =
        runner((_, _) ->
            new LineAnswers.Answer(asked.add("x") ? 500 : 0, "req_2", JSON.readTree("{}")));
    var done = until(order(line(1)).id(), BatchState.COMPLETED);
    assertEquals(new BatchCounts(1, 0, 1), done.counts());
    assertEquals(4, asked.size());
  }

  @Test
  void onlyFilesOfThePurposeAreTaken() {
    assertThrows(
        ApiException.class,
        () ->
            batches.create(
                new CreateBatch("file-0123456789012345", CHAT, Map.of(), OptionalLong.empty())));
    var file =
        files.upload(
            new UploadRequest(
                "in.jsonl",
                "user_data",
                new ByteArrayInputStream("{}".getBytes(UTF_8)),
                OptionalLong.empty()));
    assertThrows(
        ApiException.class,
        () -> batches.create(new CreateBatch(file.id(), CHAT, Map.of(), OptionalLong.empty())));
  }
}
