package dev.luthier.app.serve;

import dev.luthier.app.bases.BaseDownloads;
import dev.luthier.app.bases.Bases;
import dev.luthier.app.bases.Stages;
import dev.luthier.app.cli.Servers;
import dev.luthier.app.client.ApiClient;
import dev.luthier.app.client.ServerFile;
import dev.luthier.app.config.Config;
import dev.luthier.app.logging.LogConfigurator;
import dev.luthier.app.pace.MeasuredPace;
import dev.luthier.gateway.HttpInference;
import dev.luthier.http.HttpServer;
import dev.luthier.http.HttpSettings;
import dev.luthier.http.Routes;
import dev.luthier.http.api.Authentication;
import dev.luthier.http.api.OrganisationHeader;
import dev.luthier.http.dashboard.AliasViews;
import dev.luthier.http.dashboard.BaseViews;
import dev.luthier.http.dashboard.DashboardRoutes;
import dev.luthier.http.dashboard.DataViews;
import dev.luthier.http.dashboard.EstimateViews;
import dev.luthier.http.dashboard.JobFigures;
import dev.luthier.http.dashboard.ModelViews;
import dev.luthier.http.dashboard.Pages;
import dev.luthier.http.dashboard.Sessions;
import dev.luthier.http.internal.InternalRoutes;
import dev.luthier.platform.Bell;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.Pulse;
import dev.luthier.platform.chat.FirstAnswers;
import dev.luthier.platform.chat.InteractiveFirst;
import dev.luthier.platform.data.DataService;
import dev.luthier.platform.estimate.EstimateService;
import dev.luthier.platform.estimate.PaceProbe;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.inference.InferenceDesk;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.keys.KeyService;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.launch.Launcher;
import dev.luthier.platform.launch.LocalLauncher;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.AliasService;
import dev.luthier.platform.models.Aliases;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.ServedModels;
import dev.luthier.platform.queue.Dispatcher;
import dev.luthier.platform.queue.QueueSettings;
import dev.luthier.platform.queue.RowFileCheck;
import dev.luthier.platform.queue.StartSweep;
import dev.luthier.platform.queue.Validation;
import dev.luthier.platform.trainer.CheckpointPublisher;
import dev.luthier.platform.trainer.GradingDesk;
import dev.luthier.platform.trainer.JobFinisher;
import dev.luthier.platform.trainer.RunningJobs;
import dev.luthier.platform.trainer.TrainerDesk;
import dev.luthier.platform.trainer.TrainerLimits;
import dev.luthier.store.folder.FolderAdapterStore;
import dev.luthier.store.folder.FolderBaseStore;
import dev.luthier.store.folder.FolderBlobStore;
import dev.luthier.store.folder.FolderRunStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlAliasStore;
import dev.luthier.store.sql.SqlCheckpointStore;
import dev.luthier.store.sql.SqlEventStore;
import dev.luthier.store.sql.SqlFileStore;
import dev.luthier.store.sql.SqlInstallation;
import dev.luthier.store.sql.SqlJobStore;
import dev.luthier.store.sql.SqlKeyStore;
import dev.luthier.store.sql.SqlLaunchStore;
import dev.luthier.text.rows.RowKind;
import dev.luthier.text.tokenizer.NativeTokenizers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// Makes the server out of its parts, in order, by hand.
final class Wiring {
  /// For what comes by the clock: leases that run out, processes that do not come up.
  private static final Duration TICK = Duration.ofSeconds(1);

  private static final Duration HOUSEKEEPING = Duration.ofMinutes(1);
  private static final Duration LAUNCH_KEPT = Duration.ofDays(1);
  private static final Duration LOG_KEPT = Duration.ofDays(30);
  private static final Duration INFERENCE_START = Duration.ofSeconds(90);

  /// Longer than an inference process takes to start, and shorter than a trainer waits for an
  /// answer.
  private static final Duration FIRST_ANSWER = Duration.ofSeconds(8);

  private static final int VALIDATIONS_AT_ONCE = 2;

  private final Config config;
  private final Function<DataFolder, Launcher> launchers;

  /// Rung when the dispatcher has something to do: a job came or went on, a process ended.
  private final Bell moved = new Bell();

  private final Clock clock = Clock.systemUTC();
  private final SecureRandom random = new SecureRandom();
  private final Identifiers identifiers = new Identifiers(random);
  private final Closing closing = new Closing();
  private Optional<InferenceDesk> desk = Optional.empty();

  Wiring(Config config) {
    this.config = config;
    this.launchers = this::processes;
  }

  /// With workers of another kind than this machine's processes.
  Wiring(Config config, Function<DataFolder, Launcher> launchers) {
    this.config = config;
    this.launchers = launchers;
  }

  private DataViews dataViews(
      DataService data, ModelService models, FineTuningService jobs, JobStore rows) {
    var estimates = new EstimateService(data, models, pace(rows));
    return new DataViews(data, new EstimateViews(jobs, estimates));
  }

  private PaceProbe pace(JobStore jobs) {
    return new MeasuredPace(
        config.data(),
        kind -> new LocalServers().bench(config, kind),
        () -> !jobs.inStates(EnumSet.of(JobState.RUNNING)).isEmpty());
  }

  private Launcher processes(DataFolder data) {
    WorkerDevice device = Distribution.device(config);
    return new LocalLauncher(
        Distribution.workers(config, device),
        Map.of(
            "LUTHIER_RESUME_SECONDS",
            Integer.toString(config.resumeSeconds()),
            "LUTHIER_DEVICE",
            device.device().text()),
        data.resolve("tmp").resolve("launches"),
        data.resolve("logs"),
        moved);
  }

  /// A server that listens; whatever fails on the way closes what was made before it.
  Servers.Running start(Stages stages) throws IOException, InterruptedException {
    boolean started = false;
    try {
      DataFolder data = closing.add(DataFolder.hold(config.data()));
      LogConfigurator.toFile(data.resolve("logs").resolve("server.log"), config.logLevel());
      NativeTokenizers.unpackInto(data.resolve("natives").resolve("tokenizers"));
      int port = Ports.free(config.host(), config.port());
      Path base = Bases.of(config).ensure(config.base(), stages);
      Servers.Running server = wire(data, port);
      desk.orElseThrow().warm(config.base());
      ClassArchive.writeInBackground(config, data.resolve("tmp"), base);
      started = true;
      return server;
    } finally {
      if (!started) {
        closing.close();
      }
    }
  }

  /// A server on an empty folder that answers a few requests without any base, so that the classes
  /// of a start are loaded, and is closed again.
  void rehearse() throws IOException {
    try (closing) {
      DataFolder data = closing.add(DataFolder.hold(config.data()));
      LogConfigurator.toFile(data.resolve("logs").resolve("server.log"), config.logLevel());
      Servers.Running server = wire(data, Ports.free(config.host(), 0));
      ApiClient client = new ApiClient(server.url(), server.localKey());
      client.healthy();
      client.get("models");
      client.get("files");
      client.get("fine_tuning/jobs");
    }
  }

  /// A listening server on a folder that the caller holds.
  Servers.Running wire(DataFolder data, int port) throws IOException {
    URI local = Ports.localUrl(config.host(), port);

    // Rows and bytes.
    Database database = closing.add(Database.open(data.resolve("luthier.db"), clock));
    SqlFileStore fileRows = new SqlFileStore(database);
    BackgroundParts background = new BackgroundParts(config, database, random, clock);
    SqlJobStore jobRows = new SqlJobStore(database, background.happenings(), moved);
    SqlEventStore eventRows = new SqlEventStore(database);
    SqlCheckpointStore checkpointRows = new SqlCheckpointStore(database);
    SqlLaunchStore launchRows = new SqlLaunchStore(database);
    FolderBlobStore blobs = new FolderBlobStore(data.resolve("files"), data.resolve("tmp"));
    FolderAdapterStore adapters =
        new FolderAdapterStore(data.resolve("adapters"), data.resolve("tmp"));
    FolderBaseStore bases = new FolderBaseStore(data.resolve("bases"));
    FolderRunStore runs = new FolderRunStore(data.resolve("runs"));
    Organisation organisation = new SqlInstallation(database).organisation(identifiers);

    // Services that users speak to.
    JobLedger ledger = new JobLedger(eventRows, identifiers, clock);
    FileService files = new FileService(fileRows, blobs, identifiers, clock);
    PublicParts.Stores stores =
        new PublicParts.Stores(
            data.resolve("tmp"), database, files, fileRows, blobs, checkpointRows);
    PublicParts parts =
        new PublicParts(stores, Answering.of(config), background, identifiers, clock);
    Aliases aliases = Aliases.to(config.base(), new SqlAliasStore(database));
    ModelService models =
        new ModelService(bases, checkpointRows, jobRows, adapters, aliases, organisation);
    FineTuningService jobs =
        new FineTuningService(
            new FineTuningService.Collaborators(
                jobRows, eventRows, checkpointRows, fileRows, models, database),
            organisation,
            identifiers,
            clock);
    KeyService keys = new KeyService(new SqlKeyStore(database), database, identifiers, clock);
    final Optional<String> newKey = keys.ensure(config.apiKey());

    // Workers and the desks that they speak to.
    Launcher launcher = launchers.apply(data);
    ServedModels served = new ServedModels(bases, checkpointRows, adapters);
    InferenceDesk inferences = inferenceDesk(launchRows, launcher, served, local);
    HttpInference inference = closing.add(new HttpInference(inferences, INFERENCE_START));
    TrainerLimits limits = TrainerLimits.DEFAULT;
    JobManifests manifests = parts.manifests();
    RunningJobs running = new RunningJobs(jobRows, launchRows, ledger, limits, clock);
    JobFinisher finisher =
        new JobFinisher(
            new JobFinisher.Collaborators(
                jobRows, eventRows, checkpointRows, adapters, files, fileRows, ledger, database),
            JobFinisher.ResultFormat.BASE64,
            new FirstAnswers(models::resolve, inference, FIRST_ANSWER),
            clock);
    CheckpointPublisher publisher =
        new CheckpointPublisher(
            checkpointRows, adapters, database, organisation, identifiers, clock);
    TrainerDesk trainers =
        new TrainerDesk(
            new TrainerDesk.Collaborators(
                running, eventRows, ledger, fileRows, blobs, runs, bases, adapters, publisher,
                finisher, manifests, database),
            limits,
            clock);
    EnrolmentDesk enrolments =
        new EnrolmentDesk(
            launchRows,
            database,
            identifiers,
            Map.of(WorkerKind.TRAINER, running, WorkerKind.INFERENCE, inferences));
    ExecutorService validators =
        closing.add(
            Executors.newFixedThreadPool(
                VALIDATIONS_AT_ONCE, Thread.ofPlatform().name("validator-", 0).factory()));
    Dispatcher dispatcher =
        new Dispatcher(
            new Dispatcher.Collaborators(
                jobRows,
                launchRows,
                launcher,
                new Validation(
                    jobRows, blobs, bases, new RowFileCheck(RowKind.chats()), ledger, database),
                ledger,
                database,
                validators),
            QueueSettings.of(local),
            identifiers,
            clock);

    // The web.
    LocalKey localKey = new LocalKey(identifiers.secret("local-"), keys);
    byte[] secret = SessionSecret.in(data.resolve("session.secret"), random);
    String link = identifiers.secret("");
    Sessions sessions =
        new Sessions(secret, random, clock, port, localKey::verify, localKey.text(), link);
    Authentication authentication = new Authentication(localKey::verify, sessions::key);
    closing.add(parts);
    InteractiveFirst answers = background.answers(inference);
    GradingDesk judges = parts.grading(running, models, answers, closing);
    Routes internal = new InternalRoutes(enrolments, trainers, judges, inferences);
    HttpServer http =
        new HttpServer(
            new HttpSettings(config.host(), port),
            List.of(
                new OrganisationHeader(organisation.slug()),
                parts.api(authentication, keys, organisation, jobs, models, answers, random),
                internal,
                new Pages(),
                new DashboardRoutes(
                    authentication,
                    sessions,
                    new JobFigures(jobs),
                    dataViews(new DataService(files, blobs, models), models, jobs, jobRows),
                    modelViews(database, models))),
            clock,
            random);

    // What an earlier life left, then open to the world.
    StartSweep sweep = new StartSweep(files, adapters, checkpointRows, runs, jobRows);
    sweep.run();
    parts.sweep();
    inferences.adopt();
    Ports.start(http, config.host(), port);
    closing.add(http);
    closing.add(housekeeping(files, parts, sweep, launchRows, launcher));
    var rows = new IntegrationParts.Rows(database, jobRows, eventRows, ledger, moved);
    closing.add(new IntegrationParts(config, data, rows, clock));
    closing.add(new Pulse("dispatcher", moved, TICK, List.of(dispatcher::tick, inferences::tick)));
    closing.add(inferences);
    parts.start(local, localKey.text(), models, answers, closing);
    closing.add(new Drain(dispatcher, trainers));
    new ServerFile(local, localKey.text(), ProcessHandle.current().pid()).write(config.data());
    closing.add(() -> ServerFile.delete(config.data()));
    desk = Optional.of(inferences);
    return new Server(
        Ports.url(config.host(), port),
        localKey.text(),
        newKey,
        URI.create(local + "/#link=" + link),
        closing);
  }

  /// What the page of models needs; downloads that were cut off go on.
  private ModelViews modelViews(Database database, ModelService models) throws IOException {
    SqlAliasStore rows = new SqlAliasStore(database);
    Aliases aliases = Aliases.to(config.base(), rows);
    BaseDownloads downloads = closing.add(new BaseDownloads(Bases.of(config), clock));
    downloads.resume();
    return new ModelViews(
        new AliasViews(new AliasService(aliases, rows, models, database)),
        new BaseViews(downloads));
  }

  private InferenceDesk inferenceDesk(
      SqlLaunchStore launches, Launcher launcher, ServedModels served, URI server) {
    return new InferenceDesk(
        launches, launcher, served, InferenceDesk.Settings.of(server), identifiers, clock);
  }

  /// Removes once a minute what has run out or was left behind.
  private Pulse housekeeping(
      FileService files,
      PublicParts parts,
      StartSweep sweep,
      SqlLaunchStore launches,
      Launcher launcher) {
    Runnable sweepEnded =
        () -> {
          try {
            sweep.sweepEnded();
          } catch (IOException e) {
            throw new UncheckedIOException("what ended jobs left cannot be removed", e);
          }
        };
    return new Pulse(
        "housekeeping",
        HOUSEKEEPING,
        List.of(
            files::purge,
            parts::purge,
            sweepEnded,
            () -> launches.purge(clock.instant().minus(LAUNCH_KEPT)),
            () -> launcher.removeLogs(clock.instant().minus(LOG_KEPT))));
  }

  /// What the command line holds of it.
  private record Server(
      URI url, String localKey, Optional<String> newKey, URI dashboard, Closing closing)
      implements Servers.Running {
    @Override
    public void close() {
      closing.close();
    }

    @Override
    public String toString() {
      return "Server[" + url + ", keys hidden]";
    }
  }
}
