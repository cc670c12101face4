package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.jobs.Checkpoint;
import dev.luthier.platform.jobs.CreateJob;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Extensions.EarlyStopping;
import dev.luthier.platform.jobs.Extensions.Keep;
import dev.luthier.platform.jobs.Extensions.Weights;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.StepMetricsRecord;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.ResolvedModel;
import dev.luthier.platform.trainer.FinishReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/// Which of a job's checkpoints its name answers with. Ten rows, batches of one: ten steps an
/// epoch.
class KeptCheckpointTest {
  @TempDir Path data;
  private House house;

  @BeforeEach
  void open() throws IOException {
    house = new House(data, new SetClock(), new PlayedLauncher(), 1);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Job create(int epochs, Optional<EarlyStopping> rule, Optional<Keep> keep) {
    return create(epochs, rule, keep, Optional.empty());
  }

  private Job create(
      int epochs, Optional<EarlyStopping> rule, Optional<Keep> keep, Optional<Weights> weights) {
    var extensions =
        new Extensions(
            rule,
            keep,
            weights,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var numbers =
        new Hyperparameters(Optional.of(epochs), Optional.of(1), Optional.of(1.0), extensions);
    return house.jobs.create(
        new CreateJob(
            "gpt-3.5-turbo",
            house.upload("rows.jsonl", "row\n".repeat(10)).id(),
            Optional.of(house.upload("held-out.jsonl", "row\n").id()),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            Optional.of(new TrainingMethod.Supervised(numbers)),
            List.of(),
            Optional.empty()));
  }

  private static StepMetricsRecord validated(int step, int total, double loss) {
    return new StepMetricsRecord(
        step,
        total,
        1,
        0.5,
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalDouble.of(loss),
        OptionalDouble.of(0.5));
  }

  /// An epoch after the other with these losses over the validation file.
  private void train(PlayedTrainer trainer, int total, double... losses) throws IOException {
    for (int epoch = 1; epoch <= losses.length; epoch++) {
      trainer.steps(10 * epoch - 9, 10 * epoch, total);
      trainer.checkpoint(10 * epoch, epoch, validated(10 * epoch, total, losses[epoch - 1]));
    }
  }

  @Test
  void theBestEpochIsTheModelAndAnEventSaysWhich() throws IOException {
    Job job = create(5, Optional.empty(), Optional.of(Keep.BEST));
    PlayedTrainer trainer = house.running();
    train(trainer, 50, 1.5, 1.25, 1.25, 1.75, 2);
    String running =
        house.jobs.allCheckpoints(job.id()).stream()
            .filter(checkpoint -> checkpoint.stepNumber() == 20)
            .map(Checkpoint::modelName)
            .findFirst()
            .orElseThrow();
    house.desk.finish(trainer.token, new FinishReport.Succeeded(500, 50));

    Job done = house.job(job);
    String model = done.fineTunedModel().orElseThrow();
    assertEquals(running, model + ":ckpt-step-20");
    var resolved = assertInstanceOf(ResolvedModel.FineTune.class, house.models.resolve(model));
    assertTrue(resolved.adapter().id().endsWith("-s20"), resolved.adapter().id());
    assertEquals(resolved, house.models.resolve(running), "the name it had goes on answering");
    assertInstanceOf(ResolvedModel.Unknown.class, house.models.resolve(model + ":ckpt-step-30"));
    List<Checkpoint> listed = house.jobs.checkpoints(job.id(), PageRequest.first(10)).data();
    assertEquals(List.of(50, 40, 30, 20), listed.stream().map(Checkpoint::stepNumber).toList());
    assertTrue(listed.getFirst().modelName().endsWith(":ckpt-step-50"));
    List<String> end = house.story(job).reversed().subList(0, 6).reversed();
    assertEquals(
        "Keeping the checkpoint of step 20 (epoch 2), whose full validation loss of 1.2500 is the lowest",
        end.getFirst());
    assertEquals("New fine-tuned model created: " + model, end.get(4));
  }

  @Test
  void aJobThatGotNoBetterSucceedsBeforeItsLastStep() throws IOException {
    Job job = create(8, Optional.of(new EarlyStopping(2, 0.5)), Optional.empty());
    PlayedTrainer trainer = house.running();
    train(trainer, 80, 3, 2.75, 2.5);
    house.desk.finish(trainer.token, new FinishReport.Succeeded(300, 30));

    Job done = house.job(job);
    assertEquals(JobState.SUCCEEDED, done.state());
    assertTrue(
        house
            .story(job)
            .contains(
                "Stopped early after step 30 of 80: the full validation loss was not lower by more than 0.5 in 2 epochs in a row"));
    var model =
        assertInstanceOf(
            ResolvedModel.FineTune.class,
            house.models.resolve(done.fineTunedModel().orElseThrow()));
    assertTrue(model.adapter().id().endsWith("-s30"), "the lowest of all");
  }

  @Test
  void aJobThatWasNotToldToEndEarlyIsHeldToAllOfItsSteps() throws IOException {
    Job job = create(8, Optional.empty(), Optional.of(Keep.BEST));
    PlayedTrainer trainer = house.running();
    train(trainer, 80, 3, 2.75, 2.5);
    assertThrows(
        ApiException.class,
        () -> house.desk.finish(trainer.token, new FinishReport.Succeeded(300, 30)));
    assertEquals(JobState.RUNNING, house.job(job).state());
  }

  @Test
  void theLastEpochIsKeptWhereThatIsAsked() throws IOException {
    Job job = create(8, Optional.of(new EarlyStopping(1, 0)), Optional.of(Keep.LAST));
    PlayedTrainer trainer = house.running();
    train(trainer, 80, 1, 2);
    house.desk.finish(trainer.token, new FinishReport.Succeeded(200, 20));
    var model =
        assertInstanceOf(
            ResolvedModel.FineTune.class,
            house.models.resolve(house.job(job).fineTunedModel().orElseThrow()));
    assertTrue(model.adapter().id().endsWith("-s20"));
    assertTrue(house.story(job).stream().noneMatch(text -> text.startsWith("Keeping")));
  }

  /// A job whose answers are rewarded, in steps of five prompts: two an epoch.
  private Job rewarded(int epochs) {
    Job job = house.tenRows();
    house.tick();
    var numbers =
        new Hyperparameters(Optional.of(epochs), Optional.of(5), Optional.of(1.0), Extensions.NONE);
    var method =
        new TrainingMethod.Reinforcement(
            numbers,
            new TrainingMethod.Reinforcement.Sampling(
                Optional.empty(), Optional.empty(), Optional.of(1), Optional.of(1)),
            new TrainingMethod.Reinforcement.Grading(
                JsonMapper.shared().readTree("{\"type\":\"string_check\"}"), Optional.empty()));
    Job queued = house.job(job);
    house.database.run(() ->
        assertTrue(
            house.jobStore.update(
                queued.change().method(method).make(),
                queued.run().attempt(),
                EnumSet.allOf(JobState.class))));
    return job;
  }

  @Test
  void ofARewardedJobTheThreeBestLooksAndTheNewestAreKept() throws IOException {
    Job job = rewarded(3);
    PlayedTrainer trainer = house.running();
    double[] rewards = {0.5, 0.9, 0.1, 0.8, 0.2};
    for (int step = 1; step <= rewards.length; step++) {
      trainer.steps(step, step, 6);
      var metrics = StepMetricsRecord.training(step, 6, 1, 0.5);
      trainer.checkpoint(
          step,
          (step + 1) / 2,
          metrics.with(Map.of(StepMetricsRecord.HELD_OUT_REWARD, rewards[step - 1])));
    }
    assertEquals(
        List.of(5, 4, 2, 1),
        house.jobs.allCheckpoints(job.id()).stream().map(Checkpoint::stepNumber).toList());
    trainer.steps(6, 6, 6);
    trainer.checkpoint(
        6,
        3,
        StepMetricsRecord.training(6, 6, 1, 0.5)
            .with(Map.of(StepMetricsRecord.HELD_OUT_REWARD, 0.85)));
    house.desk.finish(trainer.token, new FinishReport.Succeeded(500, 6));
    List<Checkpoint> listed = house.jobs.checkpoints(job.id(), PageRequest.first(10)).data();
    assertEquals(List.of(6, 4, 2), listed.stream().map(Checkpoint::stepNumber).toList());
    try (var folders = Files.list(data.resolve("adapters"))) {
      assertEquals(3, folders.count(), "the others are not kept either");
    }
  }

  @Test
  void ofWholeModelsOnlyTheBestAndTheNewestAreKeptAndThenTheModelAlone() throws IOException {
    Path weights = data.resolve("bases/" + House.BASE + "/model.safetensors");
    Files.writeString(weights, "few");
    Job job = create(5, Optional.empty(), Optional.of(Keep.BEST), Optional.of(Weights.FULL));
    PlayedTrainer trainer = house.running();
    train(trainer, 50, 1.5, 1.25, 1.75, 2);
    assertEquals(
        List.of(40, 20),
        house.jobs.allCheckpoints(job.id()).stream().map(Checkpoint::stepNumber).toList());
    trainer.steps(41, 50, 50);
    trainer.checkpoint(50, 5, validated(50, 50, 2));
    house.desk.finish(trainer.token, new FinishReport.Succeeded(500, 50));

    String model = house.job(job).fineTunedModel().orElseThrow();
    var whole = assertInstanceOf(ResolvedModel.WholeModel.class, house.models.resolve(model));
    assertEquals(model, whole.name());
    assertTrue(whole.base().id().matches("full-[0-9a-f]{24}-s20"), whole.base().id());
    try (var folders = Files.list(data.resolve("adapters"))) {
      assertEquals(List.of(whole.base().folder()), folders.toList());
    }
    var next = house.upload("more.jsonl", "row\n".repeat(10)).id();
    ApiException refused =
        assertThrows(ApiException.class, () -> house.jobs.create(CreateJob.of(model, next)));
    assertTrue(refused.text().contains("has weights of its own"), refused.text());
    house.models.delete(model);
    assertFalse(Files.exists(whole.base().folder()));
  }
}
