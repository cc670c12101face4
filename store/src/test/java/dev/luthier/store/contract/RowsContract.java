package dev.luthier.store.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.Transactions;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.files.FileQuery;
import dev.luthier.platform.files.FileStatus;
import dev.luthier.platform.files.FileStore;
import dev.luthier.platform.files.StoredFile;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CheckpointStore;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.EventStore;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Integration;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobQuery;
import dev.luthier.platform.jobs.JobRun;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.JobStore;
import dev.luthier.platform.jobs.ResumePoint;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.keys.ApiKey;
import dev.luthier.platform.keys.KeyStore;
import dev.luthier.platform.launch.Launch;
import dev.luthier.platform.launch.LaunchId;
import dev.luthier.platform.launch.LaunchStore;
import dev.luthier.platform.launch.WorkerKind;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/// What the stores of rows must do, on whatever database. A subclass opens one for each test.
abstract class RowsContract {
  private static final Instant NOW = Instant.ofEpochMilli(1_800_000_000_123L);
  private static final Set<JobState> RUNNING = EnumSet.of(JobState.RUNNING);

  abstract Transactions transactions();

  abstract FileStore files();

  abstract JobStore jobs();

  abstract EventStore events();

  abstract CheckpointStore checkpoints();

  abstract LaunchStore launches();

  abstract KeyStore keys();

  private static String id(String prefix, int n) {
    return prefix + "0000000000000000000000%02d".formatted(n);
  }

  private static StoredFile file(int n, Optional<Instant> expiresAt) {
    return new StoredFile(
        id("file-", n),
        n,
        NOW,
        expiresAt,
        "rows.jsonl",
        n % 2 == 0 ? FilePurpose.FINE_TUNE : FilePurpose.BATCH,
        FileStatus.PROCESSED,
        Optional.empty(),
        "a".repeat(64));
  }

  private static Job job(int n, Optional<Map<String, String>> metadata) {
    return new Job(
        id("ftjob-", n),
        NOW,
        Optional.empty(),
        "org-1",
        "base",
        "base",
        Optional.of("adapter-parent"),
        Optional.empty(),
        JobState.VALIDATING_FILES,
        new TrainingMethod.Supervised(
            new Hyperparameters(Optional.of(3), Optional.empty(), Optional.of(0.1))),
        id("file-", 2),
        Optional.of(id("file-", 4)),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of("Suffix"),
        Integer.MAX_VALUE,
        Optional.empty(),
        List.of(
            new Integration.Wandb("p", Optional.empty(), Optional.of("e"), List.of("a", "b,\"c")),
            new Integration.TensorBoard()),
        metadata,
        JobRun.NONE);
  }

  private Job inserted(int n) {
    Job job = job(n, Optional.empty());
    jobs().insert(job);
    return job;
  }

  @Test
  void aFileComesBackAsItWas() {
    StoredFile file = file(1, Optional.of(NOW.plusSeconds(1)));
    files().insert(file);
    assertEquals(Optional.of(file), files().find(file.id(), NOW));
    assertEquals(Optional.empty(), files().find(file.id(), NOW.plusSeconds(1)), "expired");
    assertEquals(Optional.of(file), files().findHeld(file.id()));
    assertEquals(Optional.empty(), files().find(id("file-", 9), NOW));
  }

  @Test
  void filesOfOneInstantKeepTheirOrderOverAllPages() {
    for (int n = 1; n <= 5; n++) {
      files().insert(file(n, Optional.empty()));
    }
    assertEquals(List.of(5L, 4L, 3L), page(true, Optional.empty(), Optional.empty()));
    assertEquals(List.of(2L, 1L), page(true, Optional.empty(), Optional.of(id("file-", 3))));
    assertEquals(List.of(), page(true, Optional.empty(), Optional.of(id("file-", 1))));
    assertEquals(List.of(1L, 2L, 3L), page(false, Optional.empty(), Optional.empty()));
    assertEquals(
        List.of(2L, 4L), page(false, Optional.of(FilePurpose.FINE_TUNE), Optional.empty()));
    var unknown = new PageRequest(Optional.of("file-none"), 2);
    assertEquals(
        Optional.empty(), files().list(new FileQuery(Optional.empty(), true, unknown), NOW));
  }

  private List<Long> page(
      boolean newestFirst, Optional<FilePurpose> purpose, Optional<String> after) {
    return files()
        .list(new FileQuery(purpose, newestFirst, new PageRequest(after, 2)), NOW)
        .orElseThrow()
        .stream()
        .map(StoredFile::bytes)
        .toList();
  }

  @Test
  void aDeletedFileStaysAsLongAsAnUnfinishedJobHoldsIt() {
    files().insert(file(2, Optional.empty()));
    Job job = inserted(1);
    assertTrue(files().markDeleted(id("file-", 2), NOW));
    assertFalse(files().markDeleted(id("file-", 2), NOW));
    assertEquals(List.of(), files().purge(NOW));
    assertTrue(files().references(id("file-", 2)));
    Job ended = job.change().state(JobState.CANCELLED).make();
    assertTrue(jobs().update(ended, 0, EnumSet.of(JobState.VALIDATING_FILES)));
    assertEquals(List.of(id("file-", 2)), files().purge(NOW));
    assertFalse(files().references(id("file-", 2)));
  }

  @Test
  void aJobComesBackAsItWas() {
    Job fresh = job(1, Optional.of(Map.of("team", "a", "run", "1")));
    jobs().insert(fresh);
    assertEquals(Optional.of(fresh), jobs().find(fresh.id()));

    JobRun run =
        JobRun.NONE
            .counted(10)
            .launched(1, "luthier-x", NOW)
            .enrolled(NOW, NOW.plusSeconds(30), 100)
            .progressed(7, NOW.plusSeconds(40))
            .saved(new ResumePoint(5, "b".repeat(64)));
    Job full =
        fresh
            .change()
            .state(JobState.SUCCEEDED)
            .finishedAt(NOW)
            .product("ft:base:personal::12345678", "file-r", 1L << 40)
            .error(new JobError("code", "message", Optional.of("training_file")))
            .estimatedFinish(Optional.of(NOW))
            .run(run)
            .make();
    assertTrue(jobs().update(full, 0, EnumSet.of(JobState.VALIDATING_FILES)));
    assertEquals(Optional.of(full), jobs().find(full.id()));
  }

  @Test
  void aJobKeepsItsMethod() {
    var numbers = new Hyperparameters(Optional.of(2), Optional.empty(), Optional.empty());
    var grader = JsonMapper.shared().readTree("{\"type\":\"string_check\",\"name\":\"n\"}");
    var sampling =
        new TrainingMethod.Reinforcement.Sampling(
            Optional.of("low"), Optional.of(0.5), Optional.empty(), Optional.of(3));
    var extensions =
        new Extensions(
            Optional.of(new Extensions.EarlyStopping(3, 0.25)),
            Optional.of(Extensions.Keep.BEST),
            Optional.of(Extensions.Weights.FULL),
            Optional.of(8),
            Optional.of(12.5),
            Optional.of(0.1),
            Optional.of(0.2));
    var extended =
        new Hyperparameters(Optional.of(2), Optional.empty(), Optional.empty(), extensions);
    List<TrainingMethod> methods =
        List.of(
            new TrainingMethod.Supervised(extended),
            new TrainingMethod.Dpo(numbers, Optional.empty()),
            new TrainingMethod.Dpo(numbers, Optional.of(0.3)),
            new TrainingMethod.Reinforcement(
                numbers,
                sampling,
                new TrainingMethod.Reinforcement.Grading(grader, Optional.empty())));
    for (int n = 0; n < methods.size(); n++) {
      Job job = job(n + 1, Optional.empty()).change().method(methods.get(n)).make();
      jobs().insert(job);
      assertEquals(methods.get(n), jobs().find(job.id()).orElseThrow().method());
    }
  }

  @Test
  void anUpdateNeedsTheRightAttemptAndState() {
    Job job = inserted(1);
    Job running =
        job.change().state(JobState.RUNNING).run(JobRun.NONE.launched(1, "luthier-x", NOW)).make();
    assertFalse(jobs().update(running, 1, EnumSet.of(JobState.VALIDATING_FILES)));
    assertFalse(jobs().update(running, 0, EnumSet.of(JobState.QUEUED)));
    assertEquals(Optional.of(job), jobs().find(job.id()));
    assertTrue(jobs().update(running, 0, EnumSet.of(JobState.QUEUED, JobState.VALIDATING_FILES)));
    Job ended = running.change().state(JobState.CANCELLED).make();
    assertTrue(jobs().update(ended, 1, RUNNING));
    assertFalse(jobs().update(running, 1, RUNNING), "terminal is final");
  }

  @Test
  void ofManyWritersOneWins() {
    Job job = inserted(1);
    Job queued = job.change().state(JobState.QUEUED).make();
    AtomicInteger winners = new AtomicInteger();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20; i++) {
        writers.execute(() -> {
          if (jobs().update(queued, 0, EnumSet.of(JobState.VALIDATING_FILES))) {
            winners.incrementAndGet();
          }
        });
      }
    }
    assertEquals(1, winners.get());
  }

  @Test
  void jobsAreListedNewestFirstAndFilteredByMetadata() {
    jobs().insert(job(1, Optional.of(Map.of("team", "a", "run", "1"))));
    jobs().insert(job(2, Optional.of(Map.of("team", "a"))));
    jobs().insert(job(3, Optional.empty()));
    assertEquals(List.of(3, 2, 1), listed(Optional.empty(), Map.of(), false));
    assertEquals(List.of(1), listed(Optional.of(id("ftjob-", 2)), Map.of(), false));
    assertEquals(List.of(2, 1), listed(Optional.empty(), Map.of("team", "a"), false));
    assertEquals(List.of(1), listed(Optional.empty(), Map.of("team", "a", "run", "1"), false));
    assertEquals(List.of(), listed(Optional.empty(), Map.of("team", "b"), false));
    assertEquals(List.of(3), listed(Optional.empty(), Map.of(), true));
    var unknown = new PageRequest(Optional.of("ftjob-none"), 2);
    assertEquals(Optional.empty(), jobs().list(new JobQuery(unknown, Map.of(), false)));
  }

  private List<Integer> listed(Optional<String> after, Map<String, String> metadata, boolean none) {
    return jobs()
        .list(new JobQuery(new PageRequest(after, 10), metadata, none))
        .orElseThrow()
        .stream()
        .map(job -> Integer.parseInt(job.id().substring(job.id().length() - 2)))
        .toList();
  }

  @Test
  void theQueueIsInOrderOfCreation() {
    inserted(2);
    inserted(1);
    assertEquals(
        List.of(id("ftjob-", 2), id("ftjob-", 1)),
        jobs().inStates(EnumSet.of(JobState.VALIDATING_FILES)).stream().map(Job::id).toList());
    assertEquals(List.of(), jobs().inStates(RUNNING));
    inserted(3);
    jobs().putFirst(id("ftjob-", 1));
    jobs().putFirst(id("ftjob-", 3));
    assertEquals(
        List.of(id("ftjob-", 3), id("ftjob-", 1), id("ftjob-", 2)),
        jobs().inStates(EnumSet.of(JobState.VALIDATING_FILES)).stream().map(Job::id).toList());
    assertTrue(jobs().holdsFile(id("file-", 4)));
    assertTrue(jobs().holdsAdapter("adapter-parent"));
    assertFalse(jobs().holdsAdapter("adapter-other"));
  }

  @Test
  void eventsAreNumberedInEachJobAndComeBackAsTheyWere() {
    Job one = inserted(1);
    Job two = inserted(2);
    StepMetricsRecord metrics =
        new StepMetricsRecord(
            1,
            2,
            0.1,
            0.2,
            OptionalDouble.of(0.3),
            OptionalDouble.of(0.4),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            Map.of("train_reward_margin", 0.25),
            Optional.empty());
    assertTrue(events().addMetrics(one.id(), 1, metrics));
    assertFalse(
        events().addMetrics(one.id(), 2, StepMetricsRecord.training(1, 2, 9, 9)), "first wins");
    append("e1", one, EventLevel.INFO, "first", new EventData.None());
    append("e2", two, EventLevel.WARN, "other", new EventData.Empty());
    append("e3", one, EventLevel.INFO, "second", new EventData.Metrics(metrics));
    var page = events().list(one.id(), PageRequest.first(10)).orElseThrow();
    assertEquals(List.of("e3", "e1"), page.stream().map(event -> event.id()).toList());
    assertEquals(List.of(2L, 1L), page.stream().map(event -> event.sequence()).toList());
    assertEquals(new EventData.Metrics(metrics), page.getFirst().data());
    assertEquals(new EventData.None(), page.getLast().data());
    assertEquals(
        List.of("e1"),
        events().list(one.id(), new PageRequest(Optional.of("e3"), 10)).orElseThrow().stream()
            .map(event -> event.id())
            .toList());
    assertEquals(
        Optional.empty(),
        events().list(one.id(), new PageRequest(Optional.of("e2"), 10)),
        "of another job");
    assertTrue(events().contains(two.id(), EventLevel.WARN, "other"));
    assertFalse(events().contains(two.id(), EventLevel.INFO, "other"));
    assertEquals(List.of(metrics), events().metrics(one.id()));
    assertEquals(OptionalDouble.empty(), events().stepSeconds(one.id(), 0, 10), "not told");
  }

  @Test
  void howLongStepsTakeIsTheMeanOfTheNewest() {
    Job job = inserted(1);
    OptionalDouble none = OptionalDouble.empty();
    for (int step = 1; step <= 4; step++) {
      var effort = Optional.of(new StepMetricsRecord.Effort(1e-4, 1, 100, step));
      var figures =
          new StepMetricsRecord(step, 4, 1, 0.5, none, none, none, none, Map.of(), effort);
      assertTrue(events().addMetrics(job.id(), 1, figures));
    }
    assertEquals(OptionalDouble.of(3.5), events().stepSeconds(job.id(), 0, 2));
    assertEquals(OptionalDouble.of(3), events().stepSeconds(job.id(), 1, 10));
    assertEquals(OptionalDouble.empty(), events().stepSeconds(job.id(), 4, 10));
    assertEquals(OptionalDouble.empty(), events().stepSeconds("ftjob-other", 0, 10));
  }

  private void append(String id, Job job, EventLevel level, String text, EventData data) {
    events().append(id, job.id(), NOW, level, text, data);
  }

  @Test
  void aDeletedCheckpointAnswersNoMoreAndKeepsItsStep() {
    Job job = inserted(1);
    Checkpoint early = checkpoint(job, 10, false);
    Checkpoint last = checkpoint(job, 20, true);
    checkpoints().insert(early);
    checkpoints().insert(last);
    assertEquals(List.of(last, early), checkpoints().ofJob(job.id()));
    assertEquals(List.of(), checkpoints().listed(10));
    checkpoints().setListed(last.id());
    assertEquals(
        List.of("name-20"), checkpoints().listed(10).stream().map(Checkpoint::modelName).toList());
    assertTrue(checkpoints().referencesAdapter("adapter-20"));
    assertTrue(checkpoints().markDeleted("name-20"));
    assertFalse(checkpoints().markDeleted("name-20"));
    assertEquals(Optional.empty(), checkpoints().findByName("name-20"));
    assertFalse(checkpoints().referencesAdapter("adapter-20"));
    assertTrue(checkpoints().atStep(job.id(), 20).isPresent());
    assertThrows(RuntimeException.class, () -> checkpoints().insert(checkpoint(job, 10, false)));
  }

  private static Checkpoint checkpoint(Job job, int step, boolean last) {
    return new Checkpoint(
        "ftckpt_" + step,
        job.id(),
        NOW,
        "name-" + step,
        "base",
        "adapter-" + step,
        step,
        step / 10,
        StepMetricsRecord.training(step, 20, 0.5, 0.9),
        last,
        false);
  }

  @Test
  void aCodeIsTradedOnceAndTheTokenFindsItsLaunch() {
    Launch launch =
        new Launch(
            LaunchId.trainer(id("ftjob-", 1), 1),
            WorkerKind.TRAINER,
            id("ftjob-", 1),
            1,
            "code",
            Optional.empty(),
            NOW);
    launches().insert(launch);
    assertEquals(Optional.of(launch), launches().find(launch.id()));
    assertTrue(launches().enrol(launch.id(), "token"));
    assertFalse(launches().enrol(launch.id(), "another"));
    assertEquals(launch.id(), launches().byToken("token").orElseThrow().id());
    assertEquals(Optional.empty(), launches().byToken("another"));
    launches().purge(NOW.plusMillis(1));
    assertEquals(Optional.empty(), launches().find(launch.id()));
    launches().insert(launch);
    launches().remove(launch.id());
    launches().remove(launch.id());
    assertEquals(Optional.empty(), launches().find(launch.id()));
    assertFalse(launches().enrol(launch.id(), "token"));
  }

  @Test
  void keysAreKnownByOrigin() {
    keys().add(new ApiKey("two", KeyStore.Origin.GIVEN, "b", "t***o", NOW.plusMillis(1)));
    keys().add(new ApiKey("two", KeyStore.Origin.GIVEN, "b", "t***o", NOW.plusMillis(1)));
    var one = new ApiKey("one", KeyStore.Origin.MADE, "a", "o***e", NOW);
    keys().add(one);
    assertEquals(one, keys().all().getFirst());
    assertFalse(keys().remove("three"));
    assertEquals(Set.of("one", "two"), Set.copyOf(keys().hashes()));
    keys().removeAll(KeyStore.Origin.GIVEN);
    assertEquals(List.of("one"), keys().hashes());
    assertFalse(keys().exists(KeyStore.Origin.GIVEN));
  }

  @Test
  void aTransactionIsAllOrNothing() {
    assertThrows(
        IllegalStateException.class,
        () ->
            transactions()
                .run(() -> {
                  inserted(1);
                  transactions().run(() -> inserted(2)); // joins
                  assertTrue(jobs().find(id("ftjob-", 1)).isPresent(), "sees its own rows");
                  throw new IllegalStateException("enough");
                }));
    assertEquals(List.of(), jobs().inStates(EnumSet.allOf(JobState.class)));
  }
}
