package dev.luthier.platform.jobs;

import dev.luthier.platform.Identifiers;
import dev.luthier.platform.Organisation;
import dev.luthier.platform.Page;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Fine-tuning jobs as users create, watch, pause and cancel them. Safe for many threads.
public final class FineTuningService {
  private static final Set<JobState> UNFINISHED =
      EnumSet.of(JobState.VALIDATING_FILES, JobState.QUEUED, JobState.RUNNING, JobState.PAUSED);

  private static final Set<JobState> WAITING =
      EnumSet.of(JobState.VALIDATING_FILES, JobState.QUEUED);

  private static final Set<JobState> PAUSED = EnumSet.of(JobState.PAUSED);

  /// What the service works with; closed by whoever made it.
  public record Collaborators(
      JobStore jobs,
      EventStore events,
      CheckpointStore checkpoints,
      FileStore files,
      TrainableModels models,
      Transactions transactions) {}

  private final Collaborators with;
  private final JobLedger ledger;
  private final Organisation organisation;
  private final Identifiers identifiers;
  private final Clock clock;

  public FineTuningService(
      Collaborators with, Organisation organisation, Identifiers identifiers, Clock clock) {
    this.with = with;
    this.ledger = new JobLedger(with.events(), identifiers, clock);
    this.organisation = organisation;
    this.identifiers = identifiers;
    this.clock = clock;
  }

  /// Checks the request, holds its files and queues the job for validation; durable on return.
  public Job create(CreateJob request) {
    TrainingMethod method = CreateJobRules.check(request);
    return with.transactions().call(() -> insert(request, method));
  }

  private Job insert(CreateJob request, TrainingMethod method) {
    Instant now = clock.instant();
    TrainableModel model =
        with.models()
            .trainable(request.model())
            .orElseThrow(() -> ApiException.modelNotAvailable(request.model()));
    ExtensionRules.checkParent(model, method.hyperparameters().extensions());
    if (!usable(request.trainingFile(), now)) {
      throw ApiException.invalidTrainingFile(request.trainingFile());
    }
    request
        .validationFile()
        .filter(file -> !usable(file, now))
        .ifPresent(file -> {
          throw ApiException.invalidValidationFile(file);
        });
    Job job = row(request, method, model, now);
    with.jobs().insert(job);
    ledger.info(job.id(), EventTexts.created(job.id()));
    ledger.info(job.id(), EventTexts.validating(job.trainingFile(), job.validationFile()));
    return job;
  }

  private boolean usable(String fileId, Instant now) {
    return fileId.matches(StoredFile.ID_PATTERN)
        && with.files()
            .find(fileId, now)
            .filter(file -> file.purpose() == FilePurpose.FINE_TUNE)
            .isPresent();
  }

  private Job row(CreateJob request, TrainingMethod method, TrainableModel model, Instant now) {
    return new Job(
        identifiers.job(),
        now,
        Optional.empty(),
        organisation.id(),
        model.name(),
        model.baseId(),
        model.adapterId(),
        Optional.empty(),
        JobState.VALIDATING_FILES,
        method,
        request.trainingFile(),
        request.validationFile(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        request.suffix(),
        request.seed().orElseGet(identifiers::seed),
        Optional.empty(),
        request.integrations(),
        request.metadata(),
        JobRun.NONE);
  }

  public Job get(String id) {
    return find(id).orElseThrow(() -> ApiException.noSuchFineTune(id));
  }

  private Optional<Job> find(String id) {
    return id.matches(Job.ID_PATTERN) ? with.jobs().find(id) : Optional.empty();
  }

  public Page<Job> list(JobQuery query) {
    return with.jobs()
        .list(query)
        .map(rows -> Page.cut(rows, query.page().limit()))
        .orElseThrow(() -> unknownCursor(query.page()));
  }

  /// Final at once in the row; a running trainer learns of it at its next word with the server.
  public Job cancel(String id) {
    return with.transactions()
        .call(() -> {
          Job job = get(id);
          Job cancelled =
              job.change()
                  .state(JobState.CANCELLED)
                  .finishedAt(clock.instant())
                  .estimatedFinish(Optional.empty())
                  .run(job.run().released())
                  .make();
          write(cancelled, UNFINISHED);
          ledger.info(id, EventTexts.CANCELLED);
          return cancelled;
        });
  }

  /// Takes a job out of its lane, at once in the row: one that waits is not begun, a running
  /// trainer stops at its next word with the server and hands its resume state over. A paused one
  /// stays.
  public Job pause(String id) {
    return with.transactions()
        .call(() -> {
          Job job = get(id);
          if (job.state() == JobState.PAUSED) {
            return job;
          }
          // The trainer that runs keeps its say until it has stopped; one only launched does not.
          JobRun run = job.state() == JobState.RUNNING ? job.run() : job.run().released();
          Job paused =
              job.change().state(JobState.PAUSED).estimatedFinish(Optional.empty()).run(run).make();
          write(paused, UNFINISHED);
          ledger.info(id, EventTexts.PAUSED);
          return paused;
        });
  }

  /// Puts a paused job back where it was: into validation or into the queue at its old place, from
  /// where it goes on with its resume state. A trainer that has not stopped yet just goes on.
  public Job resume(String id) {
    return with.transactions()
        .call(() -> {
          Job job = get(id);
          if (job.state() != JobState.PAUSED && !job.state().terminal()) {
            throw ApiException.jobNotPaused(id, job.state().text());
          }
          JobState next = stateAfterPause(job.run());
          Job resumed = job.change().state(next).make();
          write(resumed, PAUSED);
          boolean toldByItsTrainer = next == JobState.QUEUED && job.run().totalSteps().isPresent();
          if (!toldByItsTrainer) {
            ledger.info(id, EventTexts.RESUMED);
          }
          return resumed;
        });
  }

  /// The jobs that wait for their turn, the next one first.
  public List<Job> waiting() {
    return with.jobs().inStates(WAITING).stream()
        .filter(job -> job.run().launchId().isEmpty())
        .toList();
  }

  /// Moves a job that waits. One that waits for nothing is refused.
  ///
  /// @param place in the queue, 1 is the next; beyond the end is the last
  public void moveTo(String id, int place) {
    with.transactions()
        .call(() -> {
          Job job = get(id);
          List<String> order = new ArrayList<>(waiting().stream().map(Job::id).toList());
          int before = order.indexOf(id);
          if (before < 0) {
            throw ApiException.jobNotWaiting(id, job.state().text());
          }
          order.remove(before);
          int after = Math.min(place, order.size() + 1) - 1;
          order.add(after, id);
          // What stands behind both places keeps its order.
          order.subList(0, Math.max(before, after) + 1).reversed().forEach(with.jobs()::putFirst);
          ledger.info(id, EventTexts.moved(after + 1));
          return job;
        });
  }

  private static JobState stateAfterPause(JobRun run) {
    if (run.launchId().isPresent()) {
      return JobState.RUNNING;
    }
    return run.trainingExamples().isPresent() ? JobState.QUEUED : JobState.VALIDATING_FILES;
  }

  private void write(Job job, Set<JobState> states) {
    if (!with.jobs().update(job, job.run().attempt(), states)) {
      throw ApiException.jobAlreadyCompleted(job.id());
    }
  }

  /// Newest first.
  public Page<JobEvent> events(String id, PageRequest page) {
    get(id);
    return with.events()
        .list(id, page)
        .map(rows -> Page.cut(rows, page.limit()))
        .orElseThrow(() -> unknownCursor(page));
  }

  /// The public list: the last three epochs of a succeeded job, newest first.
  public Page<Checkpoint> checkpoints(String id, PageRequest page) {
    List<Checkpoint> listed = allCheckpoints(id).stream().filter(Checkpoint::listed).toList();
    int from = page.after().map(after -> positionAfter(listed, after, page)).orElse(0);
    return Page.cut(listed.stream().skip(from).limit(page.limit() + 1L).toList(), page.limit());
  }

  private static int positionAfter(List<Checkpoint> listed, String after, PageRequest page) {
    for (int i = 0; i < listed.size(); i++) {
      if (listed.get(i).id().equals(after)) {
        return i + 1;
      }
    }
    throw unknownCursor(page);
  }

  /// Every checkpoint there is, also while the job runs, newest first; for the dashboard.
  public List<Checkpoint> allCheckpoints(String id) {
    get(id);
    return with.checkpoints().ofJob(id);
  }

  /// All steps' figures in order, for the dashboard's curves.
  public List<StepMetricsRecord> metrics(String id) {
    get(id);
    return with.events().metrics(id);
  }

  private static ApiException unknownCursor(PageRequest page) {
    return ApiException.invalidValue(
        "after", page.after().orElse(""), "It is not the id of an entry of this list.");
  }
}
