package dev.luthier.http.api;

import dev.luthier.http.HttpServer;
import dev.luthier.http.HttpSettings;
import dev.luthier.http.RawHttp;
import dev.luthier.http.request.UploadReader;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.batches.BatchService;
import dev.luthier.platform.batches.LineAnswers;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.evals.EvalRunner;
import dev.luthier.platform.evals.EvalService;
import dev.luthier.platform.evals.RowJudge;
import dev.luthier.platform.evals.RowReader;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.graders.ChatJudge;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.keys.KeyService;
import dev.luthier.platform.models.Aliases;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.BaseStore;
import dev.luthier.platform.models.Fingerprints;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.PermissionService;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.platform.uploads.UploadService;
import dev.luthier.platform.usage.Prices;
import dev.luthier.platform.usage.UsageMeter;
import dev.luthier.platform.usage.UsageService;
import dev.luthier.platform.webhooks.WebhookReach;
import dev.luthier.platform.webhooks.WebhookSender;
import dev.luthier.platform.webhooks.WebhookService;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// The real server with the real services on stores in memory, and a model that is told what to
/// say.
final class ApiFixture implements AutoCloseable {

  static final String KEY = "sk-luthier-test-0123456789";
  static final String BASE = "tiny-base";
  static final long NOW = 1_700_000_000;

  final MemoryFiles files = new MemoryFiles();
  final MemoryJobs jobs = new MemoryJobs();
  final MemoryBatches batches = new MemoryBatches();
  final JobManifests manifests;
  final ScriptedInference inference = new ScriptedInference();

  /// What webhooks would be told of responses.
  final List<String> told = new CopyOnWriteArrayList<>();

  private final BackgroundResponses background;
  private final HttpServer server;
  private final MemoryEvals evals = new MemoryEvals();
  private final Supplier<EvalRunner> evalRunners;
  private EvalRunner evalRunner;
  private long nanos;

  /// A server whose streams stay silent as long as the model does.
  ApiFixture(Path uploads) {
    this(uploads, Duration.ofMinutes(5));
  }

  /// A server that fills a stream's silence after `silenceMax`.
  ApiFixture(Path uploads, Duration silenceMax) {
    this(
        uploads,
        silenceMax,
        new RateLimits.Limits(600, 60_000),
        Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
  }

  ApiFixture(Path uploads, Duration silenceMax, RateLimits.Limits limits, Clock clock) {
    var identifiers = new Identifiers(new Random(11));
    var organisation = new Organisation("org-test", "personal");
    Transactions transactions = new Direct();
    var base = new BaseModel(BASE, Instant.ofEpochSecond(NOW), Path.of("bases", BASE));
    var models =
        new ModelService(
            new OneBase(base), jobs, jobs, new MemoryAdapters(), Aliases.to(BASE), organisation);
    var keys = new KeyService(new MemoryKeys(), transactions, identifiers, clock);
    keys.ensure(Optional.of(KEY));
    var creations = new IdempotentCreations(new MemoryCreations(), transactions, clock);
    var responses =
        new ResponseService(
            new MemoryResponses(), (type, id) -> told.add(type + " " + id), transactions, clock);
    background = new BackgroundResponses(responses);
    var completions = new CompletionService(new MemoryCompletions(), transactions, clock);
    var permissions =
        new PermissionService(new MemoryPermissions(), jobs, transactions, identifiers, clock);
    var access = new ModelAccess(models, permissions);
    var usage = new MemoryUsage();
    var meter = new UsageMeter(usage, clock);
    var chat = new ChatService(models, permissions, meter.over(inference));
    var generations =
        new Generations(
            chat,
            new Streaming(silenceMax),
            new AnswerIds(new Random(12)),
            new RateLimits(limits, clock),
            new Fingerprints("build", "machine"),
            clock);
    manifests = new JobManifests(new MemoryManifests(), jobs, Map.of("build", "b"));
    var fileService = new FileService(files, files, identifiers, clock);
    var responding = new ResponseResource(generations, responses, background, creations);
    var api =
        new PublicApi(
            new Authentication(keys),
            new FileResource(
                fileService, new UploadReader(uploads, FileService.BYTES_MAX), creations),
            new UploadResource(
                new UploadService(
                    new UploadService.Collaborators(
                        new MemoryUploads(), fileService, files, files, transactions),
                    identifiers,
                    clock),
                new UploadReader(uploads, UploadService.PART_BYTES_MAX),
                creations),
            new FineTuningResource(
                new FineTuningService(
                    new FineTuningService.Collaborators(
                        jobs, jobs, jobs, files, models, transactions),
                    organisation,
                    identifiers,
                    clock),
                creations,
                manifests,
                access),
            new PermissionResource(permissions),
            new ModelResource(models, access),
            new ChatResource(generations, completions, creations),
            new StoredChatResource(completions),
            new CompletionResource(generations, creations),
            responding,
            new ConversationResource(
                generations, (_, prompt) -> 10 * prompt.messages().size(), responding),
            new BatchResource(
                new BatchService(batches, files, transactions, identifiers, clock),
                creations,
                fileService,
                access),
            new WebhookResource(webhooks(transactions, clock)),
            new UsageResource(
                new UsageService(meter, usage, clock),
                new Prices("eur", BigDecimal.valueOf(3), BigDecimal.TEN),
                clock),
            new KeyResource(keys, organisation));
    var graders = new Graders(new ChatJudge(chat), () -> nanos += 1_000_000);
    var rows = new RowReader(files, files, completions, responses, clock);
    evalRunners =
        () ->
            new EvalRunner(
                evals,
                rows,
                new RowJudge(this::ask, graders, identifiers, clock),
                new EvalRunner.Pace(2, () -> {}),
                transactions);
    evalRunner = evalRunners.get();
    var grading =
        new GradingRoutes(
            new GraderResource(graders, chat),
            new EvalService(
                new EvalService.Collaborators(
                    evals, rows, name -> chat.model(name, Optional.empty()).name(), transactions),
                identifiers,
                clock),
            creations,
            access);
    server =
        new HttpServer(
            new HttpSettings("127.0.0.1", 0, Duration.ofSeconds(1)),
            List.of(new OrganisationHeader(organisation.slug()), api, grading),
            clock,
            new Random(13));
    server.start();
  }

  private static WebhookService webhooks(Transactions transactions, Clock clock) {
    var rows = new MemoryWebhooks();
    var sender = new WebhookSender(rows, (_, _, _) -> 204, clock);
    return new WebhookService(
        rows, sender, WebhookReach.PRIVATE, transactions, new SecureRandom(), clock);
  }

  EvalRunner evalRunner() {
    return evalRunner;
  }

  /// As after a restart of the server.
  void restartEvals() {
    evalRunner.close();
    evalRunner = evalRunners.get();
  }

  /// Has every run end that was ordered.
  void endEvals() throws InterruptedException {
    await(() -> {
      evalRunner.tick();
      return evals.unfinishedRuns().isEmpty();
    });
  }

  void awaitItems(String runId, int atLeast) throws InterruptedException {
    await(() -> evals.judged(runId).cardinality() >= atLeast);
  }

  private static void await(BooleanSupplier done) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("not done within 20 s");
      }
      Thread.sleep(2);
    }
  }

  /// As the server asks itself.
  private LineAnswers.Answer ask(String endpoint, JsonNode body) {
    try {
      var answer = post(endpoint, body.toString());
      return new LineAnswers.Answer(answer.status(), answer.header("x-request-id"), json(answer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return server.port();
  }

  RawHttp.Answer get(String path) throws IOException {
    return send("GET", path, "");
  }

  RawHttp.Answer delete(String path) throws IOException {
    return send("DELETE", path, "");
  }

  RawHttp.Answer post(String path, String json) throws IOException {
    return send("POST", path, json);
  }

  RawHttp.Answer send(String method, String path, String json) throws IOException {
    return RawHttp.exchange(port(), request(method, path, json));
  }

  /// A request with the key; `body` may stand on several lines, which are joined.
  static String request(String method, String path, String body) {
    var json = body.replace("\n", " ");
    return """
    %s %s HTTP/1.1
    Host: x
    Authorization: Bearer %s
    Content-Type: application/json
    Content-Length: %d

    %s\
    """
        .formatted(method, path, KEY, json.getBytes(StandardCharsets.UTF_8).length, json);
  }

  /// Uploads `content` and answers the file's id.
  String uploaded(String filename, String content) throws IOException {
    var answer = upload(filename, "fine-tune", content);
    return json(answer).get("id").asString();
  }

  RawHttp.Answer upload(String filename, String purpose, String content) throws IOException {
    return postForm(
        "/v1/files",
        """
        --b
        Content-Disposition: form-data; name="purpose"

        %s
        --b
        Content-Disposition: form-data; name="file"; filename="%s"

        %s
        --b--
        """
            .formatted(purpose, filename, content));
  }

  /// Adds a part to an upload.
  RawHttp.Answer addPart(String uploadId, String content) throws IOException {
    return postForm(
        "/v1/uploads/" + uploadId + "/parts",
        """
        --b
        Content-Disposition: form-data; name="data"; filename="upload"

        %s
        --b--
        """
            .formatted(content));
  }

  private RawHttp.Answer postForm(String path, String body) throws IOException {
    int bytes = body.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8).length;
    return RawHttp.exchange(
        port(),
        """
        POST %s HTTP/1.1
        Host: x
        Authorization: Bearer %s
        Content-Type: multipart/form-data; boundary=b
        Content-Length: %d

        %s\
        """
            .formatted(path, KEY, bytes, body));
  }

  static JsonNode json(RawHttp.Answer answer) {
    return Json.tree(answer.text());
  }

  /// The keys of an object in their order.
  static List<String> keys(JsonNode object) {
    return new ArrayList<>(object.propertyNames());
  }

  @Override
  public void close() {
    evalRunner.close();
    server.close();
    background.close();
  }

  private static final class Direct implements Transactions {
    @Override
    public synchronized <T> T call(Supplier<T> work) {
      return work.get();
    }
  }

  private record OneBase(BaseModel base) implements BaseStore {
    @Override
    public List<BaseModel> all() {
      return List.of(base);
    }

    @Override
    public Optional<BaseModel> find(String id) {
      return Optional.of(base).filter(some -> some.id().equals(id));
    }
  }
}
