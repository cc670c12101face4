package dev.luthier.worker.trainer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.wire.Json;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.GenerateRequest;
import dev.luthier.wire.internal.StepDetail;
import dev.luthier.wire.internal.StepMetrics;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.ExitCode;
import dev.luthier.worker.FakeServer;
import dev.luthier.worker.TinyBase;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The whole trainer with the engine on a tiny random base, against a server in memory.
@Timeout(120)
class EngineTrainingTest {
  private static final int ROWS = 5;
  private static final int STEPS = 2 * ROWS;

  @TempDir Path folder;
  private Path base;

  @BeforeEach
  void writeBase() throws IOException {
    base = TinyBase.write(folder.resolve("base"), 11);
  }

  private static String row(String user, String assistant) {
    return """
    {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}
    """
        .formatted(user, assistant);
  }

  private static String rows() {
    return IntStream.range(0, ROWS)
        .mapToObj(i -> row("What is " + i + "?", "It is number " + i + "."))
        .collect(Collectors.joining());
  }

  private TrainerJob job(Optional<Path> parent, Optional<Integer> resumeStep) {
    return new TrainerJob(
        "ftjob-1",
        1,
        new BaseRef("tiny", base.toString()),
        parent.map(Path::toString),
        new TrainerJob.Method.Supervised(),
        new TrainerJob.Hyperparameters(2, 1, 5e-3),
        42,
        true,
        resumeStep);
  }

  private ExitCode train(FakeServer server, String name, Signals signals) throws Exception {
    Path work = Files.createDirectory(folder.resolve(name));
    try (var client = ServerClient.open(server.url(), Patience.OF_TRAINERS)) {
      ServerClient enrolled = client.enrol(new EnrolRequest("launch", FakeServer.CODE));
      var rhythm =
          new Trainer.Rhythm(
              Duration.ofMillis(50), Duration.ZERO, Duration.ZERO, Duration.ofSeconds(30), 1_000);
      return new Trainer(enrolled, EngineTraining.standard(_ -> {}), signals, rhythm, work).run();
    }
  }

  private FakeServer server(String rows, Optional<Integer> resumeStep) throws IOException {
    return server(rows, Optional.empty(), resumeStep);
  }

  private FakeServer server(String rows, Optional<Path> parent, Optional<Integer> resumeStep)
      throws IOException {
    var server = new FakeServer();
    server.rows = rows;
    server.job = Optional.of(job(parent, resumeStep));
    return server;
  }

  /// The adapter that a job published last, as a folder.
  private Path adapter(FakeServer server, String name) throws IOException {
    Path adapter = Files.createDirectory(folder.resolve(name));
    for (String file : List.of("adapter_model.safetensors", "adapter_config.json")) {
      Files.write(
          adapter.resolve(file), Objects.requireNonNull(server.staged.get(STEPS + "/" + file)));
    }
    return adapter;
  }

  private static double validLoss(FakeServer server, int step) {
    return Objects.requireNonNull(server.steps.get(step)).fullValidLoss().orElseThrow();
  }

  private static SortedMap<Integer, Double> losses(FakeServer server) {
    var losses = new TreeMap<Integer, Double>();
    for (StepMetrics step : server.steps.values()) {
      losses.put(step.step(), step.trainLoss());
    }
    return losses;
  }

  @Test
  void aJobEndsWithMetricsOfEachStepAndAnAdapterOfEachEpoch() throws Exception {
    try (var server = server(rows(), Optional.empty())) {
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      assertEquals(STEPS, server.steps.size());
      assertTrue(Objects.requireNonNull(server.steps.get(STEPS)).fullValidLoss().isPresent());
      assertEquals(Set.of(ROWS, STEPS), server.checkpoints.keySet());
      assertTrue(server.staged.containsKey(STEPS + "/adapter_model.safetensors"));
      assertTrue(server.staged.containsKey(STEPS + "/adapter_config.json"));
      assertTrue(losses(server).lastEntry().getValue() < losses(server).firstEntry().getValue());
      FinishRequest report = server.reports.getFirst();
      assertEquals(FinishRequest.Outcome.SUCCEEDED, report.outcome());
      assertEquals(STEPS, report.finalStep());
      assertTrue(report.trainedTokens() > STEPS);
      assertEquals(List.of(), server.events);
    }
  }

  @Test
  void anAdapterLooksAsTheJobAsksAndARunThatGetsNoBetterIsFinished() throws Exception {
    try (var server = server(rows(), Optional.empty())) {
      TrainerJob usual = job(Optional.empty(), Optional.empty());
      var numbers =
          new TrainerJob.Hyperparameters(
              4,
              1,
              5e-3,
              Optional.of(0.25),
              Optional.of(new TrainerJob.EarlyStopping(1, 100)),
              false,
              new TrainerJob.Trained.Adapter(Optional.of(4), Optional.empty(), Optional.of(0.1)));
      server.job =
          Optional.of(
              new TrainerJob(
                  usual.jobId(),
                  usual.attempt(),
                  usual.base(),
                  usual.parentAdapter(),
                  usual.method(),
                  numbers,
                  usual.seed(),
                  true,
                  Optional.empty()));
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      FinishRequest report = server.reports.getFirst();
      assertEquals(FinishRequest.Outcome.SUCCEEDED, report.outcome());
      assertEquals(STEPS, report.finalStep(), "the second epoch of four is no better by 100");
      var shape =
          Json.mapper()
              .readTree(Objects.requireNonNull(server.staged.get(STEPS + "/adapter_config.json")));
      assertEquals(4, shape.get("r").asInt());
      assertEquals(8.0, shape.get("lora_alpha").asDouble());
      assertEquals(0.1, shape.get("lora_dropout").asDouble());
      double first = Objects.requireNonNull(server.steps.get(1)).learningRate();
      assertEquals(5e-3 / ROWS, first, 1e-12, "a quarter of four epochs is one");
    }
  }

  /// A server with prompts to answer, four answers each, two prompts a step.
  private FakeServer rewarding(String keys) throws IOException {
    var server = new FakeServer();
    server.rows =
        IntStream.range(0, ROWS)
            .mapToObj(i ->
                "{\"messages\": [{\"role\": \"user\", \"content\": \"Say %d\"}]%s}\n"
                    .formatted(i, keys))
            .collect(Collectors.joining());
    server.job =
        Optional.of(
            new TrainerJob(
                "ftjob-1",
                1,
                new BaseRef("tiny", base.toString()),
                Optional.empty(),
                new TrainerJob.Method.Reinforcement(4, 2, 2, 0.04, 6),
                new TrainerJob.Hyperparameters(2, 2, 1e-3),
                42,
                true,
                Optional.empty()));
    return server;
  }

  @Test
  void aJobWhoseGraderJudgesNothingFailsInItsFirstStep() throws Exception {
    try (var server = rewarding("")) {
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      FinishRequest report = server.reports.getFirst();
      assertEquals(FinishRequest.Outcome.FAILED, report.outcome());
      var failure = report.error().orElseThrow();
      assertEquals("invalid_grader", failure.code());
      assertTrue(failure.message().contains("none of the first 8 answers"), failure.message());
      assertEquals(0, server.steps.size());
    }
  }

  @Test
  void aJobIsTrainedOnTheRewardsThatTheServerGivesToItsAnswers() throws Exception {
    try (var server = rewarding(", \"letter\": \"e\"")) {
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      assertEquals(FinishRequest.Outcome.SUCCEEDED, server.reports.getFirst().outcome());
      assertEquals(6, server.steps.size(), "two epochs of three steps");
      for (StepMetrics step : server.steps.values()) {
        double reward = step.measures().getOrDefault("train_mean_reward", Double.NaN);
        assertTrue(reward >= 0 && reward <= 1, step.toString());
      }
      assertEquals(
          List.of(2, 3, 4, 6),
          server.steps.values().stream()
              .filter(step -> step.measures().containsKey("full_valid_mean_reward"))
              .map(StepMetrics::step)
              .toList());
      // 5 prompts twice in groups of 4, and 5 with 2 answers each at four looks.
      assertEquals(2 * 5 * 4 + 4 * 5 * 2, server.graded.get());
      assertEquals(Set.of(2, 3, 4, 6), server.checkpoints.keySet(), "one at every look");
      assertDetails(server);
    }
  }

  /// Of step 3 with a look behind it: what the grader said, and where the time went.
  private static void assertDetails(FakeServer server) {
    var part = FakeServer.part(0);
    StepMetrics step = Objects.requireNonNull(server.steps.get(3));
    double mean = detail(step, StepDetail.grader("train_reward_mean", part));
    assertEquals(step.measures().getOrDefault("train_mean_reward", -1.0), mean, 1e-12);
    assertEquals(0, detail(step, StepDetail.grader("train_sample_parse_error_count", part)));
    double heldOut = detail(step, StepDetail.grader("valid_reward_mean", part));
    assertEquals(step.measures().getOrDefault("full_valid_mean_reward", -1.0), heldOut, 1e-12);
    double all = detail(step, StepDetail.timing("full_iteration"));
    double parts =
        detail(step, StepDetail.timing("sampling"))
            + detail(step, StepDetail.timing("eval"))
            + detail(step, StepDetail.timing("training"));
    assertEquals(step.seconds(), all);
    assertTrue(parts > 0 && parts <= all * (1 + 1e-9), parts + " of " + all);
    StepMetrics without = Objects.requireNonNull(server.steps.get(1));
    assertFalse(
        without.measures().containsKey(StepDetail.grader("valid_reward_mean", part).measure()));
  }

  private static double detail(StepMetrics step, StepDetail detail) {
    return step.measures().getOrDefault(detail.measure(), Double.NaN);
  }

  @Test
  void answersOfAJobWithAFormHaveIt() throws Exception {
    try (var server = rewarding(", \"letter\": \"e\"")) {
      var schema =
          Json.tree(
              """
              {"type": "object", "properties": {"a": {"enum": ["x", "y"]}},
               "required": ["a"], "additionalProperties": false}
              """);
      TrainerJob usual = server.job.orElseThrow();
      server.job =
          Optional.of(
              new TrainerJob(
                  usual.jobId(),
                  usual.attempt(),
                  usual.base(),
                  usual.parentAdapter(),
                  new TrainerJob.Method.Reinforcement(
                      4,
                      9,
                      1,
                      0.04,
                      60,
                      Optional.of(new GenerateRequest.JsonForm(Optional.of(schema), true))),
                  usual.hyperparameters(),
                  usual.seed(),
                  true,
                  Optional.empty()));
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      assertEquals(FinishRequest.Outcome.SUCCEEDED, server.reports.getFirst().outcome());
      assertEquals(2 * 5 * 4 + 2 * 5, server.judged.size());
      for (String answer : server.judged) {
        var read = Json.tree(answer);
        assertEquals(1, read.size(), answer);
        assertTrue(Set.of("x", "y").contains(read.path("a").asString()), answer);
      }
    }
  }

  @Test
  void aStoppedJobGoesOnElsewhereWithTheLossesOfAnUndisturbedOne() throws Exception {
    SortedMap<Integer, Double> undisturbed;
    try (var server = server(rows(), Optional.empty())) {
      train(server, "undisturbed", new Signals());
      undisturbed = losses(server);
    }
    assertEquals(undisturbed, stoppedAndResumed(Optional.empty()));
  }

  /// The losses of a run that is stopped after three steps or a few more, and resumed elsewhere.
  private SortedMap<Integer, Double> stoppedAndResumed(Optional<Path> parent) throws Exception {
    try (var first = server(rows(), parent, Optional.empty())) {
      var signals = new Signals();
      first.loseAnswer =
          _ -> {
            if (first.steps.size() >= 3) {
              signals.stop("test");
            }
            return false;
          };
      assertEquals(ExitCode.ACCEPTED, train(first, "first", signals));
      assertEquals(FinishRequest.Outcome.STOPPED, first.reports.getFirst().outcome());
      try (var second = server(rows(), parent, Optional.of(first.stateStep))) {
        second.steps.putAll(first.steps);
        second.state = first.state;
        assertEquals(ExitCode.ACCEPTED, train(second, "second", new Signals()));
        assertEquals(FinishRequest.Outcome.SUCCEEDED, second.reports.getFirst().outcome());
        return losses(second);
      }
    }
  }

  @Test
  void aJobOnAParentsAdapterGoesOnWhereTheParentEnded() throws Exception {
    try (var parent = server(rows(), Optional.empty())) {
      assertEquals(ExitCode.ACCEPTED, train(parent, "parent", new Signals()));
      Path adapter = adapter(parent, "adapter");
      byte[] before = Files.readAllBytes(adapter.resolve("adapter_model.safetensors"));
      try (var child = server(rows(), Optional.of(adapter), Optional.empty())) {
        assertEquals(ExitCode.ACCEPTED, train(child, "child", new Signals()));
        assertEquals(FinishRequest.Outcome.SUCCEEDED, child.reports.getFirst().outcome());
        // The same seed gives the same row first, so the first losses can be compared.
        double fresh = Objects.requireNonNull(losses(parent).get(1));
        double first = Objects.requireNonNull(losses(child).get(1));
        assertTrue(
            first < fresh, "a fresh adapter begins at %s, this one at %s".formatted(fresh, first));
        assertTrue(validLoss(child, ROWS) < validLoss(parent, STEPS));
        assertTrue(validLoss(child, STEPS) < validLoss(child, ROWS));
        assertEquals(losses(child), stoppedAndResumed(Optional.of(adapter)));
      }
      assertArrayEquals(before, Files.readAllBytes(adapter.resolve("adapter_model.safetensors")));
    }
  }

  @Test
  void aValidationFileWithoutRowsValidatesNothing() throws Exception {
    try (var server = server(rows(), Optional.empty())) {
      server.validationRows = Optional.of("\n \n\n");
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      assertEquals(FinishRequest.Outcome.SUCCEEDED, server.reports.getFirst().outcome());
      assertEquals(STEPS, server.steps.size());
      for (StepMetrics step : server.steps.values()) {
        assertTrue(Double.isFinite(step.trainLoss()), step.toString());
        assertTrue(step.validLoss().isEmpty() && step.fullValidLoss().isEmpty(), step.toString());
      }
    }
  }

  @Test
  void aRowLongerThanTheContextIsCutAndNamed() throws Exception {
    String rows = rows() + row("Tell me all", "word ".repeat(300).strip());
    try (var server = server(rows, Optional.empty())) {
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      assertEquals(2, server.events.size(), server.events.toString());
      assertTrue(
          server.events.getFirst().startsWith("Line 6 of the training file"),
          server.events.toString());
    }
  }

  @Test
  void weightsThatAreCutShortFailTheJobInWords() throws Exception {
    Path weights = base.resolve("model.safetensors");
    byte[] whole = Files.readAllBytes(weights);
    Files.write(weights, Arrays.copyOf(whole, whole.length / 2));
    try (var server = server(rows(), Optional.empty())) {
      assertEquals(ExitCode.ACCEPTED, train(server, "work", new Signals()));
      FinishRequest.Failure failure = server.reports.getFirst().error().orElseThrow();
      assertEquals("invalid_weights", failure.code());
      assertTrue(failure.message().contains("model.safetensors"), failure.message());
    }
  }
}
