package dev.luthier.store.life;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.luthier.platform.Bell;
import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.chat.FirstAnswers;
import dev.luthier.platform.chat.GenerationCall;
import dev.luthier.platform.files.FileService;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.files.UploadRequest;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.JobLedger;
import dev.luthier.platform.jobs.JobManifests;
import dev.luthier.platform.launch.Enrolment;
import dev.luthier.platform.launch.EnrolmentDesk;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.Aliases;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.queue.Dispatcher;
import dev.luthier.platform.queue.FileCheck;
import dev.luthier.platform.queue.QueueSettings;
import dev.luthier.platform.queue.StartSweep;
import dev.luthier.platform.queue.Validation;
import dev.luthier.platform.trainer.CheckpointPublisher;
import dev.luthier.platform.trainer.JobFinisher;
import dev.luthier.platform.trainer.RunningJobs;
import dev.luthier.platform.trainer.TrainerDesk;
import dev.luthier.platform.trainer.TrainerLimits;
import dev.luthier.store.folder.FolderAdapterStore;
import dev.luthier.store.folder.FolderBaseStore;
import dev.luthier.store.folder.FolderBlobStore;
import dev.luthier.store.folder.FolderRunStore;
import dev.luthier.store.sql.Database;
import dev.luthier.store.sql.SqlCheckpointStore;
import dev.luthier.store.sql.SqlEventStore;
import dev.luthier.store.sql.SqlFileStore;
import dev.luthier.store.sql.SqlJobStore;
import dev.luthier.store.sql.SqlLaunchStore;
import dev.luthier.store.sql.SqlManifestStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;

/// A server's inside on a data folder: everything real but processes, clock and row checks. Opened
/// again on the same folder, it is the server after a restart.
final class House implements AutoCloseable {
  static final String BASE = "tiny-base";

  final SetClock clock;
  final PlayedLauncher launcher;

  /// Jobs that ended, as webhooks tell it.
  final List<String> told = new ArrayList<>();

  final Database database;
  final FileService files;
  final FineTuningService jobs;
  final ModelService models;
  final Dispatcher dispatcher;
  final EnrolmentDesk enrolments;
  final TrainerDesk desk;
  final RunningJobs running;
  final SqlJobStore jobStore;
  final StartSweep sweep;
  final FolderAdapterStore adapters;
  final FolderBlobStore blobs;
  final Deque<Runnable> validations = new ArrayDeque<>();

  /// What the inference process does with a request.
  volatile Consumer<GenerationCall> inference = _ -> {};

  House(Path data, SetClock clock, PlayedLauncher launcher, long seed) throws IOException {
    this.clock = clock;
    this.launcher = launcher;
    Files.createDirectories(data.resolve("bases/" + BASE));
    Files.writeString(data.resolve("bases/" + BASE + "/base.json"), "{}");
    database = Database.open(data.resolve("luthier.db"), clock);
    var identifiers = new Identifiers(new Random(seed));
    var organisation = new Organisation("org-test", Organisation.DEFAULT_SLUG);
    jobStore = new SqlJobStore(database, (type, id) -> told.add(type + " " + id), new Bell());
    var events = new SqlEventStore(database);
    var checkpoints = new SqlCheckpointStore(database);
    var fileStore = new SqlFileStore(database);
    var launches = new SqlLaunchStore(database);
    var bases = new FolderBaseStore(data.resolve("bases"));
    var runs = new FolderRunStore(data.resolve("runs"));
    blobs = new FolderBlobStore(data.resolve("files"), data.resolve("tmp"));
    adapters = new FolderAdapterStore(data.resolve("adapters"), data.resolve("tmp"));
    files = new FileService(fileStore, blobs, identifiers, clock);
    models =
        new ModelService(bases, checkpoints, jobStore, adapters, Aliases.to(BASE), organisation);
    jobs =
        new FineTuningService(
            new FineTuningService.Collaborators(
                jobStore, events, checkpoints, fileStore, models, database),
            organisation,
            identifiers,
            clock);
    var ledger = new JobLedger(events, identifiers, clock);
    var limits = TrainerLimits.DEFAULT;
    running = new RunningJobs(jobStore, launches, ledger, limits, clock);
    enrolments =
        new EnrolmentDesk(launches, database, identifiers, Map.of(WorkerKind.TRAINER, running));
    desk =
        new TrainerDesk(
            new TrainerDesk.Collaborators(
                running,
                events,
                ledger,
                fileStore,
                blobs,
                runs,
                bases,
                adapters,
                new CheckpointPublisher(
                    checkpoints, adapters, database, organisation, identifiers, clock),
                new JobFinisher(
                    new JobFinisher.Collaborators(
                        jobStore,
                        events,
                        checkpoints,
                        adapters,
                        files,
                        fileStore,
                        ledger,
                        database),
                    JobFinisher.ResultFormat.BASE64,
                    new FirstAnswers(
                        models::resolve,
                        (call, _) -> inference.accept(call),
                        Duration.ofSeconds(10)),
                    clock),
                new JobManifests(new SqlManifestStore(database), events, Map.of()),
                database),
            limits,
            clock);
    dispatcher =
        new Dispatcher(
            new Dispatcher.Collaborators(
                jobStore,
                launches,
                launcher,
                new Validation(jobStore, blobs, bases, House::check, ledger, database),
                ledger,
                database,
                validations::add),
            QueueSettings.of(URI.create("http://127.0.0.1:1")),
            identifiers,
            clock);
    sweep = new StartSweep(files, adapters, checkpoints, runs, jobStore);
  }

  /// Judges by words: a line `broken` is an error, a line `long` a warning.
  private static FileCheck.Checked check(
      Path file, String fileId, FileCheck.Part part, BaseModel base) throws IOException {
    List<String> lines = Files.readAllLines(file);
    Optional<JobError> error =
        lines.contains("broken")
            ? Optional.of(
                new JobError(
                    "invalid_training_file",
                    "Line " + (lines.indexOf("broken") + 1) + " of " + fileId + " is broken",
                    Optional.of("training_file")))
            : Optional.empty();
    List<String> warnings = lines.contains("long") ? List.of("Example 2 is cut") : List.of();
    return new FileCheck.Checked(lines.size(), error, warnings);
  }

  /// One round, with the validations that it asked for.
  void tick() {
    dispatcher.tick();
    while (!validations.isEmpty()) {
      validations.remove().run();
    }
  }

  StoredFile upload(String name, String content) {
    var bytes = new ByteArrayInputStream(content.getBytes(UTF_8));
    return files.upload(new UploadRequest(name, "fine-tune", bytes, OptionalLong.empty()));
  }

  /// A job on ten rows for OpenAI's name of the base.
  Job tenRows() {
    return jobs.create(
        CreateJob.of("gpt-3.5-turbo", upload("rows.jsonl", "row\n".repeat(10)).id()));
  }

  /// Validates, launches, and lets the trainer in.
  PlayedTrainer running() {
    tick();
    tick();
    return enrol(launcher.last());
  }

  PlayedTrainer enrol(LaunchSpec spec) {
    Enrolment enrolment = enrolments.enrol(spec.id().text(), spec.enrolmentCode());
    return new PlayedTrainer(this, spec.id(), enrolment.token());
  }

  Job job(Job job) {
    return jobs.get(job.id());
  }

  /// The story so far, the oldest line first.
  List<String> story(Job job) {
    return jobs.events(job.id(), PageRequest.first(10_000)).data().reversed().stream()
        .map(JobEvent::message)
        .toList();
  }

  @Override
  public void close() {
    database.close();
  }
}
