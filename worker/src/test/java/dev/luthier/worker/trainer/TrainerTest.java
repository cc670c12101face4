package dev.luthier.worker.trainer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.train.Directive;
import dev.luthier.engine.train.EpochEnd;
import dev.luthier.engine.train.LossAndAccuracy;
import dev.luthier.engine.train.StepMetrics;
import dev.luthier.engine.train.TrainingObserver;
import dev.luthier.engine.train.TrainingResult;
import dev.luthier.engine.weights.Sha256;
import dev.luthier.wire.internal.BaseRef;
import dev.luthier.wire.internal.EnrolRequest;
import dev.luthier.wire.internal.FinishRequest;
import dev.luthier.wire.internal.TrainerJob;
import dev.luthier.worker.ExitCode;
import dev.luthier.worker.FakeServer;
import dev.luthier.worker.server.FencedException;
import dev.luthier.worker.server.Patience;
import dev.luthier.worker.server.ServerClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A trainer against a server that misbehaves; the training is scripted, its steps cost nothing.
@Timeout(60)
class TrainerTest {
  private static final int STEPS = 40;
  private static final int STEPS_PER_EPOCH = 10;

  private final Signals signals = new Signals();
  private IntConsumer atStep = _ -> {};
  private FakeServer server;
  private ServerClient client;
  @TempDir Path folder;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
    server.job = Optional.of(job(Optional.empty()));
    server.rows = "{}\n";
    client = ServerClient.open(server.url(), patience(Duration.ofSeconds(20)));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static Patience patience(Duration total) {
    return new Patience(Duration.ofMillis(2), Duration.ofMillis(10), total);
  }

  private static TrainerJob job(Optional<Integer> resumeStep) {
    return new TrainerJob(
        "ftjob-1",
        1,
        new BaseRef("tiny", "/nowhere"),
        Optional.empty(),
        new TrainerJob.Method.Supervised(),
        new TrainerJob.Hyperparameters(4, 1, 5e-4),
        1,
        false,
        resumeStep);
  }

  private ExitCode train() throws InterruptedException {
    return train(client.enrol(new EnrolRequest("launch", FakeServer.CODE)), Duration.ofSeconds(20));
  }

  private ExitCode train(ServerClient enrolled, Duration patience) throws InterruptedException {
    var rhythm =
        new Trainer.Rhythm(Duration.ofMillis(5), Duration.ZERO, Duration.ZERO, patience, 1_000);
    return new Trainer(enrolled, this::script, signals, rhythm, folder).run();
  }

  /// A run of [#STEPS] steps whose losses are a function of the step.
  private TrainingResult script(
      Assignment assignment, Consumer<String> warnings, TrainingObserver observer)
      throws IOException {
    int first = assignment.job().resumeStep().orElse(0) + 1;
    if (first == 1) {
      warnings.accept("Line 3 was cut");
    }
    for (int step = first; step <= STEPS; step++) {
      atStep.accept(step);
      Directive directive = observer.beforeStep(step);
      if (directive != Directive.CONTINUE) {
        writeState(assignment.stateFile(), "state after " + (step - 1));
        observer.stateSaved(step - 1, assignment.stateFile());
      }
      if (directive == Directive.STOP) {
        return new TrainingResult(false, step - 1, step - 1);
      }
      StepMetrics metrics = metrics(step);
      observer.stepDone(metrics);
      if (step % STEPS_PER_EPOCH == 0) {
        observer.epochDone(new ScriptedEpochEnd(metrics));
      }
    }
    return new TrainingResult(true, STEPS, STEPS);
  }

  /// As a run does it: a new file takes the place of the one that may still be on its way.
  private static void writeState(Path file, String state) throws IOException {
    Path part = Files.writeString(file.resolveSibling("state.part"), state);
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
  }

  private static StepMetrics metrics(int step) {
    return new StepMetrics(
        step,
        STEPS,
        (step - 1) / STEPS_PER_EPOCH + 1,
        new LossAndAccuracy(1.0 / step, 0.5),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        1e-4,
        1,
        1,
        0.001);
  }

  private record ScriptedEpochEnd(StepMetrics metrics) implements EpochEnd {
    @Override
    public int step() {
      return metrics.step();
    }

    @Override
    public int epoch() {
      return metrics.epoch();
    }

    @Override
    public boolean last() {
      return metrics.step() == metrics.totalSteps();
    }

    @Override
    public boolean best() {
      return true;
    }

    @Override
    public void writeWeights(Path folder, String baseName) throws IOException {
      Files.createDirectory(folder);
      Files.writeString(folder.resolve("adapter_config.json"), baseName);
      Files.writeString(folder.resolve("adapter_model.safetensors"), "weights of " + step());
    }
  }

  private static List<Integer> upTo(int last) {
    return IntStream.rangeClosed(1, last).boxed().toList();
  }

  @Test
  void aFinishedJobIsToldWhole() throws Exception {
    assertEquals(ExitCode.ACCEPTED, train());
    assertEquals(List.of("Line 3 was cut"), server.events);
    assertEquals(upTo(STEPS), List.copyOf(server.steps.keySet()));
    assertEquals(0.25, Objects.requireNonNull(server.steps.get(4)).trainLoss());
    assertEquals(List.of(10, 20, 30, 40), List.copyOf(server.checkpoints.keySet()));
    assertArrayEquals(
        "weights of 20".getBytes(UTF_8), server.staged.get("20/adapter_model.safetensors"));
    Path same = Files.writeString(folder.resolve("same"), "weights of 20");
    assertEquals(
        Sha256.of(same),
        Objects.requireNonNull(server.checkpoints.get(20))
            .files()
            .get("adapter_model.safetensors"));
    assertEquals(
        List.of(new FinishRequest(FinishRequest.Outcome.SUCCEEDED, STEPS, STEPS, Optional.empty())),
        server.reports);
  }

  @Test
  void aConnectionThatKeepsBreakingCostsNoMetricAndNoOrder() throws Exception {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    ServerClient enrolled = client.enrol(new EnrolRequest("launch", FakeServer.CODE));
    server.loseRequest = _ -> random.nextInt(4) == 0;
    server.loseAnswer = _ -> random.nextInt(4) == 0;
    assertEquals(ExitCode.ACCEPTED, train(enrolled, Duration.ofSeconds(20)), "seed " + seed);
    assertEquals(upTo(STEPS), List.copyOf(server.steps.keySet()), "seed " + seed);
    assertEquals(4, server.checkpoints.size(), "seed " + seed);
    assertFalse(server.reports.isEmpty(), "seed " + seed);
  }

  @Test
  void aStopKeepsTheStateAndReportsIt() throws Exception {
    atStep =
        step -> {
          if (step == 15) {
            signals.stop("test");
          }
        };
    assertEquals(ExitCode.ACCEPTED, train());
    assertEquals(14, server.stateStep);
    assertArrayEquals("state after 14".getBytes(UTF_8), server.state.orElseThrow());
    assertEquals(upTo(14), List.copyOf(server.steps.keySet()));
    assertEquals(FinishRequest.Outcome.STOPPED, server.reports.getFirst().outcome());
    assertEquals(14, server.reports.getFirst().finalStep());
  }

  @Test
  void theServersStopDirectiveReachesTheRun() throws Exception {
    atStep =
        step -> {
          server.stop = step >= 5;
          if (server.stop) {
            await(signals::isStopAsked);
          }
        };
    assertEquals(ExitCode.ACCEPTED, train());
    assertEquals(FinishRequest.Outcome.STOPPED, server.reports.getFirst().outcome());
    assertTrue(server.steps.size() < STEPS);
  }

  @Test
  void aStopBeforeTheFirstStepLeavesNoState() throws Exception {
    signals.stop("test");
    assertEquals(ExitCode.ACCEPTED, train());
    assertTrue(server.state.isEmpty());
    assertEquals(0, server.reports.getFirst().finalStep());
  }

  @Test
  void aResumedJobGoesOnFromTheServersState() throws Exception {
    for (int step = 1; step <= 17; step++) {
      server.steps.put(step, wire(step));
    }
    server.state = Optional.of("state after 15".getBytes(UTF_8));
    server.job = Optional.of(job(Optional.of(15)));
    assertEquals(ExitCode.ACCEPTED, train());
    assertEquals(List.of(), server.events);
    assertEquals(upTo(STEPS), List.copyOf(server.steps.keySet()));
    assertEquals(List.of(20, 30, 40), List.copyOf(server.checkpoints.keySet()));
  }

  @Test
  void aFencedTrainerLeavesWithoutAReport() throws Exception {
    atStep =
        step -> {
          server.fenced = step >= 12;
          if (server.fenced) {
            await(this::isFenced);
          }
        };
    assertEquals(ExitCode.FENCED, train());
    assertEquals(List.of(), server.reports);
  }

  @Test
  void anOrphanedTrainerAsksToBeTriedAgain() throws Exception {
    ServerClient enrolled = client.enrol(new EnrolRequest("launch", FakeServer.CODE));
    atStep =
        step -> {
          if (step == 12) {
            server.loseRequest = _ -> true;
          }
        };
    assertEquals(
        ExitCode.TRY_AGAIN,
        train(enrolled.with(patience(Duration.ofMillis(200))), Duration.ofMillis(200)));
  }

  @Test
  void aFailureIsReportedInWords() throws Exception {
    atStep =
        step -> {
          if (step == 12) {
            throw new IllegalStateException(
                "DefaultCPUAllocator: can't allocate memory: 9 bytes\nException raised from …");
          }
        };
    assertEquals(ExitCode.ACCEPTED, train());
    FinishRequest.Failure failure = server.reports.getFirst().error().orElseThrow();
    assertEquals("out_of_memory", failure.code());
    assertTrue(failure.message().contains("step 12"), failure.message());
    assertFalse(failure.message().contains("raised from"), failure.message());
    assertEquals(upTo(11), List.copyOf(server.steps.keySet()));
  }

  private dev.luthier.wire.internal.StepMetrics wire(int step) {
    Optional<Double> none = Optional.empty();
    return new dev.luthier.wire.internal.StepMetrics(
        step, STEPS, 1, 1.0 / step, 0.5, none, none, none, none, Map.of(), 1e-4, 1, 1, 0.001);
  }

  private boolean isFenced() {
    try {
      signals.throwIfEnded();
      return false;
    } catch (FencedException _) {
      return true;
    }
  }

  /// Waits for what a heartbeat brings; the class's timeout ends it.
  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      assertFalse(Thread.interrupted(), "waited in vain");
      LockSupport.parkNanos(100_000);
    }
  }
}
