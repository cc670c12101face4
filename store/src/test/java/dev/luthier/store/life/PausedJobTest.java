package dev.luthier.store.life;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.trainer.Directive;
import dev.luthier.platform.trainer.FinishReport;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs that are taken out of their lane and put back.
class PausedJobTest {
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

  private void tickTwice() {
    house.tick();
    house.tick();
  }

  @Test
  void aRunningTrainerHandsItsStateOverAndTheNextGoesOnFromItAfterARestartToo() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer first = house.running();
    first.steps(1, 7, 100);
    assertEquals(Directive.CONTINUE, house.desk.heartbeat(first.token, 7));
    Job paused = house.jobs.pause(job.id());
    assertEquals(JobState.PAUSED, paused.state(), "at once in the row");
    assertTrue(paused.estimatedFinish().isEmpty());
    first.steps(8, 8, 100); // what it had begun before it heard of it
    assertEquals(Directive.STOP, house.desk.heartbeat(first.token, 8));
    first.resumeState(8);
    house.desk.finish(first.token, new FinishReport.Stopped(8));
    house.desk.finish(first.token, new FinishReport.Stopped(8)); // said again
    launcher.dies(first.launch, 0);
    tickTwice();
    assertEquals(1, launcher.started.size(), "nothing is launched for a paused job");
    assertEquals(
        "The trainer was stopped after step 8; the job is paused and, when it is resumed, goes on"
            + " from step 8",
        house.story(job).getLast());
    restart();
    tickTwice();
    assertEquals(JobState.PAUSED, house.job(job).state());
    assertEquals(1, launcher.started.size());

    assertEquals(JobState.QUEUED, house.jobs.resume(job.id()).state());
    PlayedTrainer second = house.running();
    assertEquals(8, house.desk.job(second.token).resumeStep().orElseThrow());
    try (var stream = house.desk.resumeState(second.token).orElseThrow().blob().stream()) {
      assertEquals("state after 8", new String(stream.readAllBytes(), UTF_8));
    }
    assertEquals("Fine-tuning job resumed", house.story(job).getLast());
    second.trainToTheEnd(8);
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
    assertEquals(1, count(job, "Fine-tuning job paused"));
    assertEquals(1, count(job, "Fine-tuning job resumed"));
    assertEquals(100, house.jobs.metrics(job.id()).size());
  }

  private long count(Job job, String line) {
    return house.story(job).stream().filter(line::equals).count();
  }

  @Test
  void aPausedJobFreesTheLaneForTheNextOnlyWhenItsTrainerHasGone() throws IOException {
    Job first = house.tenRows();
    Job second = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 1, 100);
    house.jobs.pause(first.id());
    tickTwice();
    assertEquals(1, launcher.started.size(), "the trainer is still there");
    house.desk.finish(trainer.token, new FinishReport.Stopped(1));
    launcher.dies(trainer.launch, 0);
    tickTwice();
    assertTrue(launcher.last().id().text().contains(second.id()));
  }

  @Test
  void whatWaitsIsPausedWithoutATrainerAndTakesItsOldPlace() {
    Job validating = house.tenRows();
    house.jobs.pause(validating.id());
    Job next = house.tenRows();
    tickTwice();
    assertTrue(launcher.last().id().text().contains(next.id()), "the paused one is passed over");
    assertEquals(JobState.VALIDATING_FILES, house.jobs.resume(validating.id()).state());
    assertEquals("Fine-tuning job resumed", house.story(validating).getLast());
    house.tick();
    assertEquals(JobState.QUEUED, house.job(validating).state());
    house.jobs.pause(validating.id());
    assertEquals(JobState.QUEUED, house.jobs.resume(validating.id()).state());
  }

  @Test
  void aLaunchedTrainerOfAPausedJobIsRefusedAtItsEnrolment() {
    Job job = house.tenRows();
    tickTwice();
    house.jobs.pause(job.id());
    assertThrows(FencedException.class, () -> house.enrol(launcher.last()));
    assertEquals(Optional.empty(), house.job(job).run().launchId());
  }

  @Test
  void aJobResumedBeforeItsTrainerHeardOfThePauseJustGoesOn() throws IOException {
    Job job = house.tenRows();
    PlayedTrainer trainer = house.running();
    trainer.steps(1, 3, 100);
    house.jobs.pause(job.id());
    assertEquals(JobState.RUNNING, house.jobs.resume(job.id()).state());
    assertEquals(Directive.CONTINUE, house.desk.heartbeat(trainer.token, 3));
    trainer.steps(4, 10, 100);
    trainer.checkpoint(10, 1, 100);
    trainer.trainToTheEnd(10);
    assertEquals(JobState.SUCCEEDED, house.job(job).state());
    assertEquals(1, launcher.started.size());
  }

  @Test
  void aTrainerThatDiesWhileItsJobIsPausedIsNoDeathAndTheJobStaysPaused() throws IOException {
    Job job = house.tenRows();
    for (int round = 1; round <= 4; round++) {
      PlayedTrainer trainer = house.running();
      house.jobs.pause(job.id());
      launcher.dies(trainer.launch, 137);
      tickTwice();
      Job paused = house.job(job);
      assertEquals(JobState.PAUSED, paused.state());
      assertEquals(0, paused.run().deaths());
      assertEquals(Optional.empty(), paused.run().launchId());
      house.jobs.resume(job.id());
    }
  }

  @Test
  void aSilentTrainerOfAPausedJobIsGivenUp() {
    Job job = house.tenRows();
    house.running();
    house.jobs.pause(job.id());
    for (int i = 0; i < 14; i++) {
      clock.pass(Duration.ofSeconds(5));
      house.tick();
    }
    assertEquals(Optional.empty(), house.job(job).run().launchId());
    assertEquals(JobState.PAUSED, house.job(job).state());
  }

  @Test
  void aPausedJobCanBeCancelledAndKeepsItsFileUntilThen() throws IOException {
    Job job = house.tenRows();
    house.tick();
    house.jobs.pause(job.id());
    house.files.delete(job.trainingFile());
    assertTrue(house.blobs.keys().contains(job.trainingFile()), "a paused job holds its rows");
    assertEquals(JobState.CANCELLED, house.jobs.cancel(job.id()).state());
    house.files.purge();
    assertFalse(house.blobs.keys().contains(job.trainingFile()));
    assertEquals(
        "Job has already completed: " + job.id(),
        assertThrows(ApiException.class, () -> house.jobs.pause(job.id())).text());
    assertEquals(
        "Job has already completed: " + job.id(),
        assertThrows(ApiException.class, () -> house.jobs.resume(job.id())).text());
  }

  @Test
  void pausingTwiceIsPausingOnceAndOnlyAPausedJobCanBeResumed() {
    Job job = house.tenRows();
    String refusal = assertThrows(ApiException.class, () -> house.jobs.resume(job.id())).text();
    assertTrue(refusal.contains(job.id() + " is validating_files and not paused"), refusal);
    house.jobs.pause(job.id());
    assertEquals(JobState.PAUSED, house.jobs.pause(job.id()).state());
    assertEquals(1, count(job, "Fine-tuning job paused"));
  }
}
