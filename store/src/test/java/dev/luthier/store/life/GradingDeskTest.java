package dev.luthier.store.life;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.platform.chat.FinishReason;
import dev.luthier.platform.chat.Usage;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.graders.Grade;
import dev.luthier.platform.graders.Graders;
import dev.luthier.platform.graders.Judge;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.launch.FencedException;
import dev.luthier.platform.trainer.GradingDesk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Answers of a trainer's model are judged by the grader of its job.
class GradingDeskTest {
  private static final String CHECK =
      """
      {"type":"string_check","name":"right","input":"{{sample.output_text}}",
       "reference":"{{item.answer}}","operation":"eq"}
      """;
  private static final String MODEL =
      """
      {"type":"score_model","name":"judge","model":"judge",
       "input":[{"role":"user","content":"How good is {{sample.output_text}}?"}]}
      """;

  @TempDir Path data;
  private final PlayedLauncher launcher = new PlayedLauncher();
  private final ExecutorService judges = Executors.newFixedThreadPool(2);
  private House house;
  private GradingDesk desk;

  @BeforeEach
  void open() throws IOException {
    house = new House(data, new SetClock(), launcher, 1);
    var graders = new Graders(GradingDeskTest::judge, System::nanoTime);
    desk = new GradingDesk(house.running, graders, house.database, judges);
  }

  @AfterEach
  void close() {
    judges.shutdownNow();
    house.close();
  }

  /// Scores what it is shown by its length, and cannot be asked about anything blue.
  private static Judge.Answer judge(Judge.Question question) {
    String shown = question.messages().get(0).path("content").asString();
    if (shown.contains("blue")) {
      throw ApiException.modelNotFound("judge");
    }
    double score = shown.contains("long") ? 0.9 : 0.1;
    return new Judge.Answer(
        "judge", "{\"steps\":[],\"result\":" + score + "}", FinishReason.STOP, new Usage(10, 5));
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text);
  }

  private static GradingDesk.Judged answer(String text) {
    return new GradingDesk.Judged(json("{\"answer\":\"Yes\"}"), text);
  }

  /// A running job with that grader.
  private PlayedTrainer rewardedBy(String grader) {
    Job job = house.tenRows();
    house.tick();
    var method =
        new TrainingMethod.Reinforcement(
            Hyperparameters.AUTO,
            new TrainingMethod.Reinforcement.Sampling(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
            new TrainingMethod.Reinforcement.Grading(json(grader), Optional.empty()));
    Job queued = house.job(job);
    house.database.run(() ->
        assertTrue(
            house.jobStore.update(
                queued.change().method(method).make(),
                queued.run().attempt(),
                EnumSet.allOf(JobState.class))));
    house.tick();
    return house.enrol(launcher.last());
  }

  private Job onlyJob() {
    return house.jobStore.inStates(EnumSet.of(JobState.RUNNING)).getFirst();
  }

  private List<Double> rewards(PlayedTrainer trainer, String... answers) {
    return desk
        .grade(trainer.token, List.of(answers).stream().map(GradingDeskTest::answer).toList())
        .grades()
        .stream()
        .map(Grade::reward)
        .toList();
  }

  @Test
  void textsAreJudgedInOrder() {
    var trainer = rewardedBy(CHECK);
    assertEquals(List.of(1.0, 0.0, 1.0), rewards(trainer, "Yes", "No", "Yes"));
  }

  @Test
  void modelsAreAskedAndOneThatCannotBeAskedIsToldOnceAndCountsAsZero() {
    var trainer = rewardedBy(MODEL);
    assertEquals(List.of(0.9, 0.1), rewards(trainer, "long", "short"));
    Job job = onlyJob();
    assertFalse(house.story(job).stream().anyMatch(it -> it.contains("judged")));
    assertEquals(List.of(0.0, 0.9, 0.0), rewards(trainer, "blue", "long", "blue"));
    assertEquals(List.of(0.0), rewards(trainer, "blue"));
    List<String> told = house.story(job).stream().filter(it -> it.contains("judged")).toList();
    assertEquals(1, told.size(), told.toString());
    assertTrue(
        told.getFirst().startsWith("An answer could not be judged and counts as 0: "),
        told.getFirst());
  }

  @Test
  void whoHasNoGraderOrNoSayIsRefused() {
    house.tenRows();
    var supervised = house.running();
    assertThrows(ApiException.class, () -> rewards(supervised, "Yes"));
    assertThrows(FencedException.class, () -> desk.grade("no-such-token", List.of(answer("Yes"))));
  }

  @Test
  void aCancelledJobsTrainerHasNoSay() {
    var trainer = rewardedBy(CHECK);
    house.jobs.cancel(onlyJob().id());
    assertThrows(FencedException.class, () -> rewards(trainer, "Yes"));
  }
}
