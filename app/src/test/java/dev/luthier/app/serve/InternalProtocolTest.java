package dev.luthier.app.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.luthier.app.cli.Servers;
import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ApiFailure;
import dev.luthier.app.config.Config;
import dev.luthier.app.config.ConfigLoader;
import dev.luthier.app.config.Setting;
import dev.luthier.platform.keys.SecretHash;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.wire.internal.CheckpointRequest;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.GenerateEvent;
import dev.luthier.wire.internal.GenerateEvents;
import dev.luthier.wire.internal.HeartbeatRequest;
import dev.luthier.wire.internal.MetricsRequest;
import dev.luthier.wire.internal.RegisterRequest;
import dev.luthier.wire.internal.StepMetrics;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The internal protocol as workers meet it: the whole server as it is wired, listening, on real
/// stores. Only the worker processes are played.
@Timeout(120)
class InternalProtocolTest {
  private static final String BASE = "tiny-base";
  private static final int STEPS = 10;

  @TempDir Path folder;
  private final PlayedWorkers workers = new PlayedWorkers();
  private final HttpClient http = HttpClient.newHttpClient();
  private DataFolder data;
  private Servers.Running server;
  private ApiClient user;

  @BeforeEach
  void open() throws IOException {
    Config config =
        ConfigLoader.load(
            Map.of(Setting.DATA, folder.resolve("data").toString(), Setting.BASE, BASE), Map.of());
    data = DataFolder.hold(config.data());
    Path base = Files.createDirectories(data.resolve("bases").resolve(BASE));
    Path text = Path.of("../text/src/test/resources/tiny-base");
    for (String name : List.of("config.json", "tokenizer.json", "chat_template.jinja")) {
      Files.copy(text.resolve(name), base.resolve(name));
    }
    Files.writeString(base.resolve("base.json"), "{}");
    server = new Wiring(config, _ -> workers).wire(data, Ports.free("127.0.0.1", 0));
    user = new ApiClient(server.url(), server.localKey());
  }

  @AfterEach
  void close() throws IOException {
    workers.allDie(); // Else the stop waits for them.
    server.close();
    data.close();
    http.close();
  }

  private WorkerLine line(String token) {
    return new WorkerLine(http, server.url(), token);
  }

  /// A job of one epoch on ten rows.
  private String job() throws IOException {
    Path rows = folder.resolve("rows.jsonl");
    Files.writeString(rows, rows());
    String file = user.upload(rows, "fine-tune").path("id").asString();
    Map<String, Object> request =
        Map.of(
            "model", BASE,
            "training_file", file,
            "hyperparameters", Map.of("n_epochs", 1, "batch_size", 1));
    return user.post("fine_tuning/jobs", request).path("id").asString();
  }

  private static String rows() {
    return IntStream.range(0, STEPS)
        .mapToObj(i ->
            "{\"messages\": [{\"role\": \"user\", \"content\": \"%d?\"}, {\"role\": \"assistant\", \"content\": \"%d!\"}]}\n"
                .formatted(i, i))
        .collect(Collectors.joining());
  }

  private JsonNode shown(String job) {
    return user.get("fine_tuning/jobs/" + job);
  }

  private static EnrolRequest enrolment(LaunchSpec spec) {
    return new EnrolRequest(spec.id().text(), spec.enrolmentCode());
  }

  private WorkerLine enrolled(LaunchSpec spec) throws Exception {
    HttpResponse<byte[]> answer = line("").post("enrol", enrolment(spec));
    assertEquals(200, answer.statusCode(), text(answer));
    assertEquals(spec.kind().text(), WorkerLine.json(answer).path("kind").asString());
    return line(WorkerLine.json(answer).path("token").asString());
  }

  private static StepMetrics figures(int step) {
    return new StepMetrics(
        step,
        STEPS,
        1,
        4.0 / step,
        0.5,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        1e-4,
        1,
        20,
        0.1);
  }

  private static MetricsRequest figures(int from, int to) {
    return new MetricsRequest(
        IntStream.rangeClosed(from, to).mapToObj(InternalProtocolTest::figures).toList());
  }

  private static String text(HttpResponse<byte[]> answer) {
    return new String(answer.body(), UTF_8);
  }

  private static void assertTaken(HttpResponse<byte[]> answer) {
    assertEquals(204, answer.statusCode(), text(answer));
  }

  private static void assertRefused(int status, String code, HttpResponse<byte[]> answer) {
    assertEquals(status, answer.statusCode(), text(answer));
    assertEquals(code, WorkerLine.json(answer).at("/error/code").asString());
  }

  @Test
  void aCodeIsTradedOnceAndOnlyByWhoHasIt() throws Exception {
    job();
    LaunchSpec spec = workers.next();
    var guess = new EnrolRequest(spec.id().text(), "enrol-guess");
    assertRefused(409, "fenced", line("").post("enrol", guess));
    assertRefused(409, "fenced", line("").post("enrol", new EnrolRequest("luthier-x", "enrol-x")));
    assertEquals(200, enrolled(spec).get("job").statusCode());
    assertRefused(409, "fenced", line("").post("enrol", enrolment(spec)));
  }

  @Test
  void eachTokenOpensItsOwnDoorAndNoOther() throws Exception {
    job();
    WorkerLine trainer = enrolled(workers.next());
    assertRefused(401, "unauthorized", line("").get("job"));
    assertRefused(409, "fenced", line("worker-guess").get("job"));
    assertRefused(409, "fenced", line(server.localKey()).get("job"));
    assertRefused(409, "fenced", line(server.localKey()).post("job/finish", succeeded()));
    assertRefused(409, "fenced", trainer.get("inference"));
    for (String path : List.of("/v1/models", "/v1/files", "/v1/fine_tuning/jobs")) {
      assertRefused(401, "invalid_api_key", trainer.get(path));
      assertEquals(200, line(server.localKey()).get(path).statusCode());
    }
  }

  private static FinishRequest succeeded() {
    return new FinishRequest(FinishRequest.Outcome.SUCCEEDED, 200, STEPS, Optional.empty());
  }

  @Test
  void aTrainersRoadFromItsFilesToItsLastWord() throws Exception {
    String job = job();
    WorkerLine trainer = enrolled(workers.next());
    JsonNode told = WorkerLine.json(trainer.get("job"));
    assertEquals(job, told.path("job_id").asString());
    assertEquals(1, told.path("attempt").asInt());
    assertEquals(1, told.at("/hyperparameters/epochs").asInt());
    assertFalse(told.path("has_validation_file").asBoolean());
    HttpResponse<byte[]> file = trainer.get("job/training-file");
    assertEquals(rows(), text(file));
    assertEquals(SecretHash.of(rows()), file.headers().firstValue("Luthier-Sha256").orElse("none"));
    assertRefused(404, "not_found", trainer.get("job/validation-file"));
    assertEquals(
        "continue",
        WorkerLine.json(trainer.post("job/heartbeat", new HeartbeatRequest(0)))
            .path("directive")
            .asString());
    assertTaken(trainer.post("job/metrics", figures(1, 4)));
    assertTaken(trainer.post("job/metrics", figures(3, STEPS)));
    assertEquals(400, trainer.post("job/metrics", Map.of("steps", List.of())).statusCode());
    assertRefused(400, "malformed", trainer.post("job/metrics", Map.of("step", 1)));
    publish(trainer, job);
    assertTaken(trainer.post("job/finish", succeeded()));
    assertTaken(trainer.post("job/finish", succeeded())); // Its answer may have been lost.
    assertEquals("succeeded", shown(job).path("status").asString());
    assertTrue(shown(job).path("fine_tuned_model").asString().startsWith("ft:" + BASE), "named");
    assertEquals(200, shown(job).path("trained_tokens").asInt());
    assertRefused(409, "fenced", trainer.post("job/heartbeat", new HeartbeatRequest(STEPS)));
    assertFalse(anythingStaged(), "a published adapter is staged no more");
  }

  private boolean anythingStaged() throws IOException {
    try (var left = Files.list(data.resolve("tmp"))) {
      return left.anyMatch(path -> path.getFileName().toString().startsWith("adapter-"));
    }
  }

  /// Stages and publishes an adapter, first with a sum that is not its own.
  private static void publish(WorkerLine trainer, String job) throws Exception {
    Map<String, String> files =
        Map.of("adapter_model.safetensors", "weights of " + job, "adapter_config.json", "{}");
    for (Map.Entry<String, String> file : files.entrySet()) {
      String path = "job/checkpoints/" + STEPS + "/" + file.getKey();
      assertTaken(trainer.put(path, "a broken first try".getBytes(UTF_8)));
      assertTaken(trainer.put(path, file.getValue().getBytes(UTF_8)));
    }
    assertEquals(400, trainer.put("job/checkpoints/x/a", new byte[1]).statusCode());
    var sums =
        files.entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, file -> SecretHash.of(file.getValue())));
    var wrong = Map.of("adapter_config.json", SecretHash.of("{}"));
    String path = "job/checkpoints/" + STEPS;
    assertRefused(
        400, "damaged", trainer.post(path, new CheckpointRequest(1, figures(STEPS), wrong)));
    wrong =
        Map.of(
            "adapter_config.json",
            SecretHash.of("{}"),
            "adapter_model.safetensors",
            SecretHash.of("other weights"));
    assertRefused(
        400, "damaged", trainer.post(path, new CheckpointRequest(1, figures(STEPS), wrong)));
    assertTaken(trainer.post(path, new CheckpointRequest(1, figures(STEPS), sums)));
    assertTaken(trainer.post(path, new CheckpointRequest(1, figures(STEPS), sums)));
  }

  @Test
  void aLargeResumeStateComesBackToTheNextAttemptAndTheOldOneIsFenced() throws Exception {
    String job = job();
    LaunchSpec first = workers.next();
    WorkerLine old = enrolled(first);
    assertRefused(404, "not_found", old.get("job/resume-state"));
    byte[] state = new byte[48 << 20];
    new Random(7).nextBytes(state);
    assertEquals(400, old.put("job/resume-state?step=4", state).statusCode(), "before its metrics");
    assertTaken(old.post("job/metrics", figures(1, 4)));
    assertTaken(old.put("job/resume-state?step=3", new byte[] {1}));
    assertTaken(old.put("job/resume-state?step=4", state));
    assertEquals(400, old.put("job/resume-state?step=four", state).statusCode());

    workers.dies(first.id());
    LaunchSpec second = workers.next();
    assertEquals(WorkerKind.TRAINER, second.kind());
    WorkerLine next = enrolled(second);
    JsonNode told = WorkerLine.json(next.get("job"));
    assertEquals(2, told.path("attempt").asInt());
    assertEquals(4, told.path("resume_step").asInt());
    HttpResponse<byte[]> resumed = next.get("job/resume-state");
    assertArrayEquals(state, resumed.body());
    assertEquals("4", resumed.headers().firstValue("Luthier-Step").orElse("none"));

    assertRefused(409, "fenced", old.post("job/heartbeat", new HeartbeatRequest(4)));
    assertRefused(409, "fenced", old.post("job/metrics", figures(5, 6)));
    assertRefused(409, "fenced", old.put("job/resume-state?step=4", new byte[] {2}));
    assertRefused(409, "fenced", old.put("job/checkpoints/10/adapter_config.json", new byte[1]));
    assertRefused(409, "fenced", old.post("job/finish", succeeded()));
    assertArrayEquals(state, next.get("job/resume-state").body());
    assertTaken(next.post("job/metrics", figures(5, 5)));
    assertEquals("running", shown(job).path("status").asString());
  }

  @Test
  void aCancelledJobsTrainerIsSentHome() throws Exception {
    String job = job();
    WorkerLine trainer = enrolled(workers.next());
    assertTaken(trainer.post("job/metrics", figures(1, 2)));
    user.post("fine_tuning/jobs/" + job + "/cancel", Map.of());
    assertRefused(409, "fenced", trainer.post("job/heartbeat", new HeartbeatRequest(2)));
    assertRefused(409, "fenced", trainer.post("job/finish", succeeded()));
    assertEquals("cancelled", shown(job).path("status").asString());
  }

  @Test
  void chatsThatComeBeforeTheInferenceProcessWaitForItAndOutliveItsDeath() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor();
        var first = new PlayedInference()) {
      Callable<String> chat = () -> user.post("chat/completions", question()).toString();
      var early = IntStream.range(0, 6).mapToObj(_ -> threads.submit(chat)).toList();
      LaunchSpec spec = workers.next();
      assertEquals(WorkerKind.INFERENCE, spec.kind());
      WorkerLine process = enrolled(spec);
      assertEquals(BASE, WorkerLine.json(process.get("inference")).at("/base/id").asString());
      assertRefused(409, "fenced", process.get("job"));
      assertRefused(
          409, "fenced", process.post("inference/register", first.registration("other-base")));
      assertTrue(early.stream().noneMatch(Future::isDone), "they wait");
      assertTaken(process.post("inference/register", first.registration(BASE)));
      for (var answer : early) {
        assertTrue(answer.get().contains("said by the process"), answer.get());
      }
      var beat = process.post("inference/heartbeat", Map.of());
      assertEquals("continue", WorkerLine.json(beat).path("directive").asString());

      first.dieInMidAnswer = true;
      var failure = assertThrows(ApiFailure.class, chat::call);
      assertTrue(failure.toString().contains("503"), failure.toString());
      first.die();
      workers.dies(spec.id());
      var next = threads.submit(chat);
      try (var second = new PlayedInference()) {
        assertTaken(enrolled(workers.next()).post("inference/register", second.registration(BASE)));
        assertTrue(next.get().contains("said by the process"), next.get());
      }
    }
  }

  private static Map<String, Object> question() {
    return Map.of(
        "model", "gpt-3.5-turbo", "messages", List.of(Map.of("role", "user", "content", "Hi")));
  }

  /// Answers every `generate` with the same words.
  private static final class PlayedInference implements AutoCloseable {
    private final HttpServer listener;
    volatile boolean dieInMidAnswer;

    PlayedInference() throws IOException {
      listener = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      listener.createContext(
          "/generate",
          exchange -> {
            try (exchange) {
              exchange.getRequestBody().readAllBytes();
              exchange.sendResponseHeaders(200, 0);
              write(exchange.getResponseBody(), new GenerateEvent.Started(3));
              if (dieInMidAnswer) {
                throw new IOException("as if killed");
              }
              write(
                  exchange.getResponseBody(),
                  new GenerateEvent.Delta(0, "said by the process", List.of()));
              write(exchange.getResponseBody(), new GenerateEvent.Finished(0, "stop"));
              write(exchange.getResponseBody(), new GenerateEvent.Usage(3, 4, 0));
            }
          });
      listener.start();
    }

    private static void write(OutputStream out, GenerateEvent event) throws IOException {
      out.write(GenerateEvents.line(event).getBytes(UTF_8));
      out.flush();
    }

    RegisterRequest registration(String base) {
      String url = "http://127.0.0.1:" + listener.getAddress().getPort() + "/";
      return new RegisterRequest(url, "token", base, 128);
    }

    void die() {
      listener.stop(0);
    }

    @Override
    public void close() {
      die();
    }
  }
}
