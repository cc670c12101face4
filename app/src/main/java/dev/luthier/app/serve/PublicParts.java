package dev.luthier.app.serve;

import dev.luthier.http.Routes;
import dev.luthier.http.api.AnswerIds;
import dev.luthier.http.api.Authentication;
import dev.luthier.http.api.BackgroundResponses;
import dev.luthier.http.api.BatchResource;
import dev.luthier.http.api.ChatResource;
import dev.luthier.http.api.CompletionResource;
import dev.luthier.http.api.ConversationResource;
import dev.luthier.http.api.FileResource;
import dev.luthier.http.api.FineTuningResource;
import dev.luthier.http.api.Generations;
import dev.luthier.http.api.KeyResource;
import dev.luthier.http.api.ModelAccess;
import dev.luthier.http.api.ModelResource;
import dev.luthier.http.api.PermissionResource;
import dev.luthier.http.api.PublicApi;
import dev.luthier.http.api.RateLimits;
import dev.luthier.http.api.ResponseResource;
import dev.luthier.http.api.StoredChatResource;
import dev.luthier.http.api.UploadResource;
import dev.luthier.http.request.UploadReader;
import dev.luthier.http.sse.Streaming;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.chat.ChatService;
import dev.luthier.platform.chat.Inference;
import dev.luthier.platform.chat.InteractiveFirst;
import dev.luthier.platform.chat.TextPromptTokens;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.idempotency.IdempotentCreations;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.keys.KeyService;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.PermissionService;
import dev.luthier.platform.stored.CompletionService;
import dev.luthier.platform.stored.ResponseService;
import dev.luthier.platform.trainer.GradingDesk;
import dev.luthier.platform.trainer.RunningJobs;
import dev.luthier.platform.uploads.UploadService;
import dev.luthier.store.folder.FolderBlobStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlCheckpointStore;
import dev.luthier.store.sql.SqlCompletionStore;
import dev.luthier.store.sql.SqlCreationStore;
import dev.luthier.store.sql.SqlEventStore;
import dev.luthier.store.sql.SqlFileStore;
import dev.luthier.store.sql.SqlManifestStore;
import dev.luthier.store.sql.SqlPermissionStore;
import dev.luthier.store.sql.SqlResponseStore;
import dev.luthier.store.sql.SqlUploadStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.random.RandomGenerator;

/// The public API with the services that it alone needs.
final class PublicParts implements AutoCloseable {
  private static final Duration STREAM_SILENCE = Duration.ofSeconds(2);

  private final Stores stores;
  private final Answering answering;
  private final UploadService uploads;
  private final PermissionService permissions;
  private final IdempotentCreations creations;
  private final CompletionService completions;
  private final ResponseService responses;
  private final BackgroundResponses background;
  private final BatchParts batches;
  private final BackgroundParts others;
  private final EvalParts evals;
  private final JobManifests manifests;
  private final Clock clock;

  /// Where everything lies.
  ///
  /// @param spool folder for what requests bring until it is stored
  record Stores(
      Path spool,
      Database database,
      FileService files,
      SqlFileStore fileRows,
      FolderBlobStore blobs,
      SqlCheckpointStore checkpoints) {}

  PublicParts(
      Stores stores,
      Answering answering,
      BackgroundParts others,
      Identifiers identifiers,
      Clock clock) {
    this.stores = stores;
    this.answering = answering;
    this.clock = clock;
    Database database = stores.database();
    uploads =
        new UploadService(
            new UploadService.Collaborators(
                new SqlUploadStore(database),
                stores.files(),
                stores.fileRows(),
                stores.blobs(),
                database),
            identifiers,
            clock);
    manifests =
        new JobManifests(
            new SqlManifestStore(database), new SqlEventStore(database), answering.program());
    creations = new IdempotentCreations(new SqlCreationStore(database), database, clock);
    completions = new CompletionService(new SqlCompletionStore(database), database, clock);
    responses =
        new ResponseService(new SqlResponseStore(database), others.happenings(), database, clock);
    background = new BackgroundResponses(responses);
    batches = new BatchParts(stores, others.happenings(), identifiers, clock);
    this.others = others;
    evals = new EvalParts(stores, completions, responses, others.happenings(), identifiers, clock);
    permissions =
        new PermissionService(
            new SqlPermissionStore(database), stores.checkpoints(), database, identifiers, clock);
  }

  /// Every route under `/v1`.
  ///
  /// @param random draws the ids of answers
  Routes api(
      Authentication authentication,
      KeyService keys,
      Organisation organisation,
      FineTuningService jobs,
      ModelService models,
      Inference inference,
      RandomGenerator random) {
    ChatService chat = chat(models, inference);
    ModelAccess access = new ModelAccess(models, permissions);
    Generations generations =
        new Generations(
            chat,
            new Streaming(STREAM_SILENCE),
            new AnswerIds(random),
            new RateLimits(answering.limits(), clock),
            answering.fingerprints(),
            clock);
    Routes grading = evals.routes(chat, creations, access);
    ResponseResource responding =
        new ResponseResource(generations, responses, background, creations);
    Routes all =
        new PublicApi(
            authentication,
            new FileResource(
                stores.files(),
                new UploadReader(stores.spool().resolve("uploads"), FileService.BYTES_MAX),
                creations),
            new UploadResource(
                uploads,
                new UploadReader(stores.spool().resolve("parts"), UploadService.PART_BYTES_MAX),
                creations),
            new FineTuningResource(jobs, creations, manifests, access),
            new PermissionResource(permissions),
            new ModelResource(models, access),
            new ChatResource(generations, completions, creations),
            new StoredChatResource(completions),
            new CompletionResource(generations, creations),
            responding,
            new ConversationResource(generations, new TextPromptTokens(), responding),
            new BatchResource(batches.service(), creations, stores.files(), access),
            others.webhookResource(),
            others.usageResource(),
            new KeyResource(keys, organisation));
    return routes -> {
      all.addTo(routes);
      grading.addTo(routes);
    };
  }

  /// What the losses of jobs follow from.
  JobManifests manifests() {
    return manifests;
  }

  private ChatService chat(ModelService models, Inference inference) {
    return new ChatService(models, permissions, inference);
  }

  /// What judges the answers of trainers.
  GradingDesk grading(
      RunningJobs running, ModelService models, Inference inference, Closing closing) {
    var parts = new GradingParts(running, chat(models, inference), stores.database());
    return closing.add(parts).desk();
  }

  /// Begins what goes on in the background; the server must listen.
  void start(
      URI server, String key, ModelService models, InteractiveFirst inference, Closing closing) {
    others.start(closing);
    batches.start(server, key, models, inference, closing);
    evals.start(server, key, chat(models, inference), inference, closing);
  }

  /// Removes what an earlier life left behind; to be called before the server listens.
  void sweep() throws IOException {
    uploads.sweep();
    background.sweep();
  }

  /// Removes what has run out. Cheap when there is nothing.
  void purge() {
    uploads.purge();
    completions.purge();
    responses.purge();
    others.purge();
  }

  /// Ends what is still being made for nobody who waits.
  @Override
  public void close() {
    background.close();
    others.close();
  }
}
