package dev.luthier.store.life;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.files.FilePurpose;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.EventData;
import dev.luthier.platform.jobs.EventLevel;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobError;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.launch.LaunchSpec;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.platform.trainer.Directive;
import dev.luthier.platform.trainer.FinishReport;
import dev.luthier.platform.trainer.TrainerJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobLifeTest {
  @TempDir Path data;
  private final SetClock clock = new SetClock();
  private final PlayedLauncher launcher = new PlayedLauncher();
  private House house;

  @BeforeEach
  void open() throws IOException {
    house = new House(data, clock, launcher, 1);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void restart() throws IOException {
    house.close();
    house = new House(data, clock, launcher, 2);
    house.sweep.run();
  }

  @Test
  void theTwentyNewestEventsOfTheLessonAreItsLastStepsItsCheckpointsAndItsEnd() throws IOException {
    Job job = house.tenRows();
    house.running().trainToTheEnd(0);

    Job done = house.job(job);
    assertEquals(JobState.SUCCEEDED, done.state());
    assertEquals(List.of("fine_tuning.job.succeeded " + job.id()), house.told);
    List<JobEvent> newest = house.jobs.events(job.id(), PageRequest.first(20)).data().reversed();
    List<String> expected = new ArrayList<>();
    for (int step = 85; step <= 100; step++) {
      expected.add("Step %d/100: training loss=%.2f".formatted(step, 4 - step / 50.0));
    }
    List<Checkpoint> listed =
        house.jobs.checkpoints(job.id(), PageRequest.first(10)).data().reversed();
    for (Checkpoint checkpoint : listed.subList(0, 2)) {
      expected.add(
          "Checkpoint created at step %d with Snapshot ID: %s"
              .formatted(checkpoint.stepNumber(), checkpoint.modelName()));
    }
    expected.add("New fine-tuned model created: " + done.fineTunedModel().orElseThrow());
    expected.add("The job has successfully completed");
    assertEquals(expected, newest.stream().map(JobEvent::message).toList());
  }

  @Test
  void aJobsStoryBeginsLetterForLetterAsOpenAIs() {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 1, 100);

    List<JobEvent> events = house.jobs.events(job.id(), PageRequest.first(20)).data().reversed();
    assertEquals(
        List.of(
            "Created fine-tuning job: " + job.id(),
            "Validating training file: " + job.trainingFile(),
            "Files validated, moving job to queued state",
            "Fine-tuning job started",
            "Step 1/100: training loss=3.98"),
        events.stream().map(JobEvent::message).toList());
    assertTrue(events.get(2).data() instanceof EventData.Empty);
    assertTrue(events.get(3).data() instanceof EventData.None);
    assertEquals("metrics", events.get(4).type());
    assertEquals(List.of(1L, 2L, 3L, 4L, 5L), events.stream().map(JobEvent::sequence).toList());
  }

  @Test
  void autoIsKeptUntilTheJobRunsAndIsNumbersThen() {
    Job job = house.tenRows();
    assertEquals(JobState.VALIDATING_FILES, job.state());
    assertEquals(House.BASE, job.model(), "the real base, never the alias");
    house.tick();
    assertEquals(JobState.QUEUED, house.job(job).state());
    assertEquals(Hyperparameters.AUTO, house.job(job).hyperparameters());
    house.running();
    assertEquals(JobState.RUNNING, house.job(job).state());
    assertEquals(
        new Hyperparameters(Optional.of(10), Optional.of(1), Optional.of(1.0)),
        house.job(job).hyperparameters());
  }

  @Test
  void successLeavesNameTokensResultFileAndThreeCheckpoints() throws IOException {
    Job job = house.tenRows();
    house.running().trainToTheEnd(0);
    Job done = house.job(job);

    assertTrue(
        done.fineTunedModel().orElseThrow().matches("ft:tiny-base:personal::[0-9A-Za-z]{8}"));
    assertEquals(Optional.of(12_340L), done.trainedTokens());
    assertTrue(done.finishedAt().isPresent());
    List<Checkpoint> listed = house.jobs.checkpoints(job.id(), PageRequest.first(10)).data();
    assertEquals(List.of(100, 90, 80), listed.stream().map(Checkpoint::stepNumber).toList());
    assertEquals(done.fineTunedModel().orElseThrow(), listed.getFirst().modelName());
    assertTrue(
        listed.get(1).modelName().matches("ft:tiny-base:personal::[0-9A-Za-z]{8}:ckpt-step-90"));
    assertEquals(10, house.jobs.allCheckpoints(job.id()).size());

    var result = house.files.open(done.resultFiles().getFirst());
    assertEquals("step_metrics.csv", result.file().filename());
    assertEquals(FilePurpose.FINE_TUNE_RESULTS, result.file().purpose());
    try (var stream = result.stream()) {
      String csv = new String(Base64.getDecoder().decode(stream.readAllBytes()), UTF_8);
      List<String> lines = csv.lines().toList();
      assertEquals(
          "step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy", lines.getFirst());
      assertEquals("1,3.98,0.501,,", lines.get(1));
      assertEquals(101, lines.size());
    }
  }

  @Test
  void theModelHasAnsweredWhenItsJobIsShownAsSucceeded() throws IOException {
    Job job = house.tenRows();
    var asked = new CopyOnWriteArrayList<ResolvedModel.Callable>();
    var shownMeanwhile = new CopyOnWriteArrayList<JobState>();
    house.inference =
        call -> {
          shownMeanwhile.add(house.job(job).state());
          asked.add(call.model());
        };
    house.running().trainToTheEnd(0);

    assertEquals(List.of(JobState.RUNNING), shownMeanwhile);
    String model = house.job(job).fineTunedModel().orElseThrow();
    assertEquals(List.of(house.models.resolve(model)), asked, "its own adapter, no checkpoint's");
  }

  @Test
  void aModelThatCannotAnswerYetDoesNotFailItsJob() throws IOException {
    Job job = house.tenRows();
    house.inference =
        _ -> {
          throw new ApiException(ErrorCode.UNAVAILABLE, "no process", Optional.empty());
        };
    house.running().trainToTheEnd(0);
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
  }

  @Test
  void anEpochsAdapterAnswersWhileTheJobRunsAndIsNotListedYet() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 10, 100);
    trainer.checkpoint(10, 1, 100);

    Checkpoint first = house.jobs.allCheckpoints(job.id()).getFirst();
    assertTrue(house.models.resolve(first.modelName()) instanceof ResolvedModel.FineTune);
    assertTrue(house.jobs.checkpoints(job.id(), PageRequest.first(10)).data().isEmpty());
    assertEquals(1, house.models.list().size(), "only the base is listed");
  }

  @Test
  void aBrokenFileFailsTheJobWithTheReasonAndTheServerLivesOn() {
    var file = house.upload("rows.jsonl", "row\nbroken\n");
    Job job = house.jobs.create(CreateJob.of("gpt-3.5-turbo", file.id()));
    Job next = house.tenRows();
    house.tick();

    Job failed = house.job(job);
    assertEquals(JobState.FAILED, failed.state());
    JobError error = failed.error().orElseThrow();
    assertEquals("Line 2 of " + file.id() + " is broken", error.message());
    assertTrue(failed.finishedAt().isEmpty(), "as all failed bodies of OpenAI's");
    assertEquals(Hyperparameters.AUTO, failed.hyperparameters());
    JobEvent last = house.jobs.events(job.id(), PageRequest.first(1)).data().getFirst();
    assertEquals(EventLevel.ERROR, last.level());
    assertEquals(error.message(), last.message());
    assertEquals(JobState.QUEUED, house.job(next).state());
  }

  @Test
  void rowsThatAreCutAreWarnedOf() {
    var file = house.upload("rows.jsonl", "row\nlong\n".repeat(5));
    Job job = house.jobs.create(CreateJob.of("gpt-3.5-turbo", file.id()));
    house.tick();
    JobEvent warning = house.jobs.events(job.id(), PageRequest.first(2)).data().get(1);
    assertEquals("Example 2 is cut", warning.message());
    assertEquals(EventLevel.WARN, warning.level());
  }

  @Test
  void cancelIsFinalInEveryStateAndStopsTheTrainer() {
    Job validating = house.tenRows();
    assertEquals(JobState.CANCELLED, house.jobs.cancel(validating.id()).state());
    house.tick();
    assertEquals(JobState.CANCELLED, house.job(validating).state());

    Job queued = house.tenRows();
    house.dispatcher.drain();
    house.tick();
    house.jobs.cancel(queued.id());
    assertEquals("Fine-tuning job cancelled", house.story(queued).getLast());
    assertTrue(house.job(queued).finishedAt().isPresent());
  }

  @Test
  void aCancelledRunsTrainerIsFencedAndStopped() {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 3, 100);
    house.jobs.cancel(job.id());

    assertThrows(FencedException.class, () -> trainer.steps(4, 4, 100));
    assertThrows(FencedException.class, () -> house.desk.heartbeat(trainer.token, 3));
    assertThrows(
        FencedException.class,
        () -> house.desk.finish(trainer.token, new FinishReport.Succeeded(1, 100)));
    house.tick();
    assertEquals(List.of(trainer.launch), launcher.stopped);
    assertEquals(JobState.CANCELLED, house.job(job).state());
    ApiException again = assertThrows(ApiException.class, () -> house.jobs.cancel(job.id()));
    assertEquals("Job has already completed: " + job.id(), again.text());
    assertEquals(ErrorCode.INVALID_REQUEST, again.code());
  }

  @Test
  void aCancelledLaunchIsRefusedAtItsEnrolment() {
    Job job = house.tenRows();
    house.tick();
    house.tick();
    LaunchSpec spec = launcher.last();
    house.jobs.cancel(job.id());
    assertThrows(FencedException.class, () -> house.enrol(spec));
  }

  @Test
  void aCodeIsTradedOnce() {
    house.tenRows();
    house.running();
    assertThrows(FencedException.class, () -> house.enrol(launcher.last()));
  }

  @Test
  void aDeadTrainersJobGoesOnFromItsResumeStateAndNoEventIsDoubled() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer first = house.running();
    first.steps(1, 12, 100);
    first.checkpoint(10, 1, 100);
    first.resumeState(11);
    launcher.dies(first.launch, 137);
    house.tick();
    assertEquals(
        "The trainer process ended unexpectedly after step 12 (exit code 137);"
            + " the job is queued again and goes on from step 11",
        house.story(job).getLast());
    assertThrows(FencedException.class, () -> first.steps(13, 13, 100), "the old one has no say");

    PlayedTrainer second = house.enrol(launcher.last());
    assertFalse(second.launch.equals(first.launch));
    TrainerJob told = house.desk.job(second.token);
    assertEquals(11, told.resumeStep().orElseThrow());
    assertEquals(2, told.attempt());
    try (var stream = house.desk.resumeState(second.token).orElseThrow().blob().stream()) {
      assertEquals("state after 11", new String(stream.readAllBytes(), UTF_8));
    }
    second.trainToTheEnd(11);

    List<String> steps =
        house.story(job).stream().filter(text -> text.startsWith("Step ")).toList();
    assertEquals(100, steps.size());
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
    assertEquals(1, house.story(job).stream().filter("Fine-tuning job started"::equals).count());
  }

  @Test
  void aStaleTrainerCannotWriteAnythingAfterItsLeaseRanOut() {
    Job job = house.tenRows();
    PlayedTrainer first = house.running();
    first.steps(1, 2, 100);
    passWithTicks(Duration.ofSeconds(61));
    assertEquals(JobState.QUEUED, house.job(job).state());
    PlayedTrainer second = house.enrol(launcher.last());
    assertThrows(FencedException.class, () -> first.resumeState(2));
    assertThrows(FencedException.class, () -> first.checkpoint(10, 1, 100));
    second.steps(1, 3, 100);
    assertEquals(3, house.jobs.metrics(job.id()).size());
  }

  private void passWithTicks(Duration time) {
    for (Duration passed = Duration.ZERO;
        passed.compareTo(time) < 0;
        passed = passed.plusSeconds(5)) {
      clock.pass(Duration.ofSeconds(5));
      house.tick();
    }
  }

  @Test
  void aHeartbeatRenewsTheLease() {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    for (int i = 0; i < 30; i++) {
      clock.pass(Duration.ofSeconds(10));
      assertEquals(Directive.CONTINUE, house.desk.heartbeat(trainer.token, 0));
      house.tick();
    }
    assertEquals(JobState.RUNNING, house.job(job).state());
  }

  @Test
  void threeDeathsAtTheSameStepEndTheJobAndProgressBetweenThemDoesNot() {
    Job job = house.tenRows();
    for (int death = 1; death <= 3; death++) {
      PlayedTrainer trainer = house.running();
      trainer.steps(death, death, 100); // each one a step further
      launcher.dies(trainer.launch, 134);
      house.tick();
      assertEquals(JobState.QUEUED, house.job(job).state(), "after death " + death);
    }
    for (int death = 4; death <= 5; death++) {
      PlayedTrainer trainer = house.running();
      launcher.dies(trainer.launch, 134);
      house.tick();
    }
    Job failed = house.job(job);
    assertEquals(JobState.FAILED, failed.state());
    JobError error = failed.error().orElseThrow();
    assertEquals("trainer_died", error.code());
    assertTrue(error.message().contains("after step 3 (exit code 134), 3 times"), error.message());
    assertTrue(error.message().contains("the last line of"), error.message());
    assertTrue(error.message().contains("Its log: logs/luthier-" + job.id()), error.message());
    assertEquals(error.message(), house.story(job).getLast());
  }

  @Test
  void whatAJobStagedAndKeptGoesWhenItHasEnded() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 10, 100);
    trainer.resumeState(10);
    house.desk.stageCheckpointFile(
        trainer.token, 10, "adapter_config.json", PlayedTrainer.bytes("half an adapter"));
    house.sweep.sweepEnded();
    assertEquals(1, house.adapters.stagedIds().size(), "the job still runs");
    assertTrue(Files.exists(data.resolve("runs").resolve(job.id())));
    house.jobs.cancel(job.id());
    house.sweep.sweepEnded();
    assertEquals(List.of(), house.adapters.stagedIds());
    assertFalse(Files.exists(data.resolve("runs").resolve(job.id())));
  }

  @Test
  void jobsRunInOrderAndTheOrderOutlivesARestart() throws IOException {
    Job first = house.tenRows();
    Job second = house.tenRows();
    Job third = house.tenRows();
    house.tick();
    house.tick();
    assertEquals(1, launcher.started.size(), "one trainer at a time");
    assertTrue(launcher.last().id().text().contains(first.id()));
    house.jobs.cancel(first.id());
    restart();
    house.tick();
    house.tick();
    assertTrue(launcher.last().id().text().contains(second.id()));
    assertEquals(JobState.QUEUED, house.job(third).state());
  }

  @Test
  void aTrainerThatOutlivesTheServerGoesOn() throws IOException {
    Job job = house.tenRows();
    String token = house.running().token;
    house.desk.metrics(token, List.of(PlayedTrainer.figures(1, 100)));
    clock.pass(Duration.ofMinutes(5)); // the server was away for longer than the lease
    restart();
    house.tick();
    clock.pass(Duration.ofSeconds(10));
    house.tick();
    assertEquals(JobState.RUNNING, house.job(job).state());
    new PlayedTrainer(house, launcher.last().id(), token).trainToTheEnd(1);
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
  }

  @Test
  void aTrainerThatDiedWithTheServerIsNoticedAtTheFirstTick() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 5, 100);
    trainer.resumeState(5);
    launcher.dies(trainer.launch, 137);
    restart();
    house.tick();
    PlayedTrainer second = house.enrol(launcher.last());
    assertEquals(5, house.desk.job(second.token).resumeStep().orElseThrow());
    second.trainToTheEnd(5);
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
  }

  @Test
  void aServerThatIsStoppedPutsTheJobBackWithoutCountingADeath() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 7, 100);
    house.dispatcher.drain();
    house.desk.stopAll();
    assertEquals(Directive.STOP, house.desk.heartbeat(trainer.token, 7));
    trainer.resumeState(7);
    house.desk.finish(trainer.token, new FinishReport.Stopped(7));
    house.desk.finish(trainer.token, new FinishReport.Stopped(7)); // said again
    assertTrue(house.dispatcher.busy(), "the process is still there");
    launcher.dies(trainer.launch, 0);
    assertFalse(house.dispatcher.busy());
    Job back = house.job(job);
    assertEquals(JobState.QUEUED, back.state());
    assertEquals(0, back.run().deaths());
    assertEquals(
        "The trainer was stopped after step 7; the job is queued again and goes on from step 7",
        house.story(job).getLast());
  }

  @Test
  void repeatedWordsChangeNothing() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 10, 100);
    trainer.steps(1, 10, 100);
    trainer.checkpoint(10, 1, 100);
    trainer.checkpoint(10, 1, 100);
    house.desk.event(trainer.token, EventLevel.WARN, "Row 3 is cut");
    house.desk.event(trainer.token, EventLevel.WARN, "Row 3 is cut");
    assertEquals(4 + 10 + 1, house.story(job).size());
    assertEquals(1, house.jobs.allCheckpoints(job.id()).size());

    trainer.trainToTheEnd(10);
    house.desk.finish(trainer.token, new FinishReport.Succeeded(12_340, 100));
    assertEquals("The job has successfully completed", house.story(job).getLast());
    assertEquals(1, house.job(job).resultFiles().size());
  }

  @Test
  void successIsRefusedWithoutTheWholeProduct() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 99, 100);
    var report = new FinishReport.Succeeded(1, 100);
    assertThrows(ApiException.class, () -> house.desk.finish(trainer.token, report));
    trainer.steps(100, 100, 100);
    assertThrows(ApiException.class, () -> house.desk.finish(trainer.token, report));
    trainer.checkpoint(100, 10, 100);
    String adapter = house.jobs.allCheckpoints(job.id()).getFirst().adapterId();
    Files.writeString(house.adapters.folder(adapter).resolve("adapter_model.safetensors"), "x");
    assertThrows(IOException.class, () -> house.desk.finish(trainer.token, report));
    assertEquals(JobState.RUNNING, house.job(job).state());
  }

  @Test
  void aStepThatLeavesAGapIsRefused() {
    house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 3, 100);
    assertThrows(ApiException.class, () -> trainer.steps(5, 5, 100));
    assertThrows(ApiException.class, () -> trainer.resumeState(4));
  }

  @Test
  void aFileDeletedAfterCreationServesTheJobAndIsGoneForUsersAndInTheEndForAll()
      throws IOException {
    Job job = house.tenRows();
    house.files.delete(job.trainingFile());
    assertThrows(ApiException.class, () -> house.files.get(job.trainingFile()));
    restart();
    PlayedTrainer trainer = house.running();
    try (var stream = house.desk.trainingFile(trainer.token).stream()) {
      assertEquals(40, stream.readAllBytes().length);
    }
    trainer.trainToTheEnd(0);
    house.files.purge();
    assertFalse(house.blobs.keys().contains(job.trainingFile()));
    assertEquals(job.trainingFile(), house.job(job).trainingFile());
  }

  @Test
  void aFailureReportEndsTheJobWithItsReason() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    JobError error = new JobError("out_of_memory", "Out of memory at step 1", Optional.empty());
    house.desk.finish(trainer.token, new FinishReport.Failed(error));
    assertEquals(Optional.of(error), house.job(job).error());
    assertEquals("Out of memory at step 1", house.story(job).getLast());
    assertTrue(house.job(job).resultFiles().isEmpty());
  }

  @Test
  void theEndIsEstimatedFromTheTimeOfTheSteps() {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    clock.pass(Duration.ofSeconds(10));
    trainer.steps(1, 10, 100);
    assertEquals(Optional.of(clock.instant().plusSeconds(90)), house.job(job).estimatedFinish());
  }

  @Test
  void trainingGoesOnFromAFineTune() throws IOException {
    Job parent = house.tenRows();
    house.running().trainToTheEnd(0);
    String parentModel = house.job(parent).fineTunedModel().orElseThrow();
    Job child =
        house.jobs.create(
            CreateJob.of(parentModel, house.upload("more.jsonl", "row\n".repeat(10)).id()));
    assertEquals(parentModel, child.model());
    house.models.delete(parentModel);
    restart();
    PlayedTrainer trainer = house.running();
    Path folder = house.desk.job(trainer.token).parentAdapter().orElseThrow();
    assertTrue(Files.exists(folder.resolve("adapter_model.safetensors")), "held by the job");
    trainer.trainToTheEnd(0);
    assertTrue(
        house.job(child).fineTunedModel().orElseThrow().startsWith("ft:tiny-base:personal::"));
  }

  @Test
  void deletingAModelLeavesItsJob() throws IOException {
    Job job = house.tenRows();
    house.running().trainToTheEnd(0);
    String model = house.job(job).fineTunedModel().orElseThrow();
    house.models.delete(model);
    assertTrue(house.models.resolve(model) instanceof ResolvedModel.Unknown);
    assertThrows(ApiException.class, () -> house.models.delete(model));
    assertThrows(ApiException.class, () -> house.models.delete(House.BASE));
    assertEquals(Optional.of(model), house.job(job).fineTunedModel());
  }

  @Test
  void unknownModelAndFileAreRefusedAtOnce() {
    String file = house.upload("rows.jsonl", "row\n").id();
    assertEquals(
        "Model gpt-9 is not available for fine-tuning or does not exist.",
        assertThrows(ApiException.class, () -> house.jobs.create(CreateJob.of("gpt-9", file)))
            .text());
    assertEquals(
        "invalid training_file: file-x",
        assertThrows(
                ApiException.class, () -> house.jobs.create(CreateJob.of(House.BASE, "file-x")))
            .text());
  }

  @Test
  void pagesOfEventsEndByThemselves() {
    Job job = house.tenRows();
    house.running().steps(1, 50, 100);
    List<String> seen = new ArrayList<>();
    PageRequest request = PageRequest.first(20);
    while (true) {
      var page = house.jobs.events(job.id(), request);
      if (page.data().isEmpty()) {
        break;
      }
      page.data().forEach(event -> seen.add(event.message()));
      assertEquals(seen.size() < 54, page.hasMore());
      request = new PageRequest(Optional.of(page.data().getLast().id()), 20);
    }
    assertEquals(house.story(job).reversed(), seen);
    var unknown = new PageRequest(Optional.of("ftevent-none"), 20);
    assertThrows(ApiException.class, () -> house.jobs.events(job.id(), unknown));
  }
}
