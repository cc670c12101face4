package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.train.gradient.LlamaGradients;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.train.gradient.Prompts;
import dev.luthier.engine.train.gradient.Tally;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
  private static final int EPOCHS = 3;
  private static final int STEPS = 9; // 8 rows in batches of 3, three times

  @TempDir Path folder;

  @Test
  void theSameSeedGivesTheSameBits() throws IOException {
    var settings = settings(42, 0);
    var once = start("once", settings, _ -> Directive.CONTINUE);
    var twice = start("twice", settings, _ -> Directive.CONTINUE);
    assertEquals(once.losses(), twice.losses());
    assertSameAdapter(once, twice);
  }

  @Test
  void anotherSeedGivesAnotherAdapter() throws IOException {
    var one = start("one", settings(42, 0), _ -> Directive.CONTINUE);
    var other = start("other", settings(43, 0), _ -> Directive.CONTINUE);
    assertNotEquals(one.losses(), other.losses());
  }

  @Test
  void aResumedRunEqualsAnUndisturbedOneToTheBit() throws IOException {
    var settings = settings(42, 0.2); // With dropout, whose masks must come again too.
    var undisturbed = start("undisturbed", settings, _ -> Directive.CONTINUE);
    var before = start("cut", settings, step -> step == 6 ? Directive.STOP : Directive.CONTINUE);
    assertEquals(List.of(5), before.saved);
    var after = resume("cut", settings);
    assertEquals(6, after.steps.getFirst().step(), "no step before the state is computed again");
    var losses = new ArrayList<>(before.losses());
    losses.addAll(after.losses());
    assertEquals(undisturbed.losses(), losses);
    assertSameAdapter(undisturbed, after);
    assertEquals(undisturbed.steps.getLast().train(), after.steps.getLast().train());
  }

  @Test
  void soDoesOneOverAllWeights() throws IOException {
    var settings =
        new TrainingSettings(
            EPOCHS, 3, 5e-3, 0, 1.0, new TrainingMethod.FullWeights(), 42, Precision.FP32, 2);
    var undisturbed = startFull("undisturbed", settings, false, _ -> Directive.CONTINUE);
    startFull("cut", settings, false, step -> step == 6 ? Directive.STOP : Directive.CONTINUE);
    var after = startFull("cut", settings, true, _ -> Directive.CONTINUE);
    assertEquals(undisturbed.losses().subList(5, STEPS), after.losses());
    var weights = "model.safetensors";
    assertArrayEquals(
        Files.readAllBytes(undisturbed.adapter(STEPS).resolve(weights)),
        Files.readAllBytes(after.adapter(STEPS).resolve(weights)));
    // What was written is a model like the base, on which nothing is left of the run but numbers.
    try (var made = LlamaModel.open(after.adapter(STEPS), Precision.FP32);
        var base = Tiny.model(Precision.FP32)) {
      assertEquals(base.config(), made.config());
      var before = base.layers().getFirst().attentionNorm().weight().toFloats();
      var trained = made.layers().getFirst().attentionNorm().weight().toFloats();
      assertFalse(Arrays.equals(before, trained), "norms are trained too");
    }
  }

  private Recorder startFull(
      String name, TrainingSettings settings, boolean resume, IntFunction<Directive> directives)
      throws IOException {
    var data = new TrainingData(Tiny.rows(), Tiny.rows());
    try (var model = Tiny.model(settings.precision())) {
      var weights = FullWeights.read(Tiny.folder(), model.config());
      return finish(
          name,
          resume
              ? TrainingRun.resume(model, weights, data, settings, state(name))
              : TrainingRun.start(model, weights, data, settings, state(name)),
          directives);
    }
  }

  @Test
  void aStateKeptOnTheWayChangesNothing() throws IOException {
    var settings = settings(42, 0);
    var plain = start("plain", settings, _ -> Directive.CONTINUE);
    var saving = start("saving", settings, _ -> Directive.SAVE);
    assertEquals(STEPS, saving.saved.size());
    assertEquals(plain.losses(), saving.losses());
    assertSameAdapter(plain, saving);
  }

  @Test
  void aStateOfOtherSettingsIsRefused() throws IOException {
    start("refused", settings(42, 0), step -> step == 2 ? Directive.STOP : Directive.CONTINUE);
    var thrown = assertThrows(TrainingException.class, () -> resume("refused", settings(43, 0)));
    assertTrue(thrown.toString().contains("other rows or settings"), thrown.toString());
  }

  @Test
  void dropoutIsDeterministicAndChangesTheRun() throws IOException {
    var once = start("dropped", settings(42, 0.3), _ -> Directive.CONTINUE);
    var twice = start("again", settings(42, 0.3), _ -> Directive.CONTINUE);
    var without = start("without", settings(42, 0), _ -> Directive.CONTINUE);
    assertSameAdapter(once, twice);
    assertNotEquals(without.losses(), once.losses());
  }

  /// A step's loss is the mean over its targets and its tokens are all its rows', shared or not.
  @Test
  void promptsThatRowsShareChangeNeitherLossNorTokens() throws IOException {
    var rows = Prompts.of(60, 60);
    var settings =
        new TrainingSettings(
            1, rows.size(), 5e-3, 0, 1.0, settings(42, 0).method(), 42, Precision.FP32, 1);
    var run = start("prompts", settings, _ -> Directive.CONTINUE, new TrainingData(rows, rows));
    var step = run.steps.getFirst();
    assertEquals(rows.stream().mapToInt(TrainingExample::length).sum(), step.tokens());
    try (var model = Tiny.model(Precision.FP32);
        var adapter = LoraAdapter.fresh(model.config(), lora(settings), 42);
        var source = new LlamaGradients(model, adapter, 42);
        var _ = Scope.open()) {
      var alone = Tally.NONE;
      for (var pack : Pack.of(rows, 1)) {
        alone = alone.plus(source.evaluate(pack));
      }
      assertEquals(alone.lossSum() / alone.targets(), step.train().loss(), 1e-5);
    }
    assertEquals(step.validation(), step.fullValidation());
  }

  @Test
  void everyEpochEndsWithFullValidationAndAnAdapter() throws IOException {
    var run = start("epochs", settings(42, 0), _ -> Directive.CONTINUE);
    assertEquals(List.of(3, 6, 9), run.epochs);
    for (var metrics : run.steps) {
      assertEquals(metrics.step() % 3 == 0, metrics.fullValidation().isPresent());
      assertEquals(metrics.step() % 2 == 0, metrics.validation().isPresent());
      assertEquals((metrics.step() + 2) / 3, metrics.epoch());
    }
    assertEquals(5e-3, run.steps.getFirst().learningRate());
    assertEquals(5e-3 / STEPS, run.steps.getLast().learningRate(), 1e-12);
    assertTrue(Files.exists(run.adapter(9).resolve(PeftFolder.CONFIG)));
  }

  @Test
  void aRunThatGetsNoBetterEndsAtAnEpochAndOneThatWasCutEndsAtTheSame() throws IOException {
    // No epoch is better by so much, so the second and third without a better one end it.
    var rule = Optional.of(new EarlyStopping(2, 100));
    var settings = settings(42, 0).with(0, rule);
    var undisturbed = start("patient", settings, _ -> Directive.CONTINUE);
    assertEquals(List.of(3, 6, 9), undisturbed.epochs, "the first epoch is better than none");
    var impatient = settings(42, 0).with(0, Optional.of(new EarlyStopping(1, 100)));
    var early = start("early", impatient, _ -> Directive.CONTINUE);
    assertEquals(List.of(3, 6), early.epochs);
    assertEquals(undisturbed.losses().subList(0, 6), early.losses());

    start("cut", impatient, step -> step == 6 ? Directive.STOP : Directive.CONTINUE);
    var after = resume("cut", impatient);
    assertEquals(List.of(6), after.epochs, "what the first epoch was like is remembered");
    assertEquals(early.losses().subList(5, 6), after.losses());
  }

  @Test
  void aSavedAdapterReadsBackToTheSameBits() throws IOException {
    var run = start("written", settings(42, 0), _ -> Directive.CONTINUE);
    try (var model = Tiny.model(Precision.FP32);
        var read = PeftFolder.read(run.adapter(9), model.config())) {
      PeftFolder.write(folder.resolve("copy"), read, "tiny");
    }
    assertArrayEquals(weights(run.adapter(9)), weights(folder.resolve("copy")));
  }

  @Test
  void aBatchWithoutTargetsMovesNothing() throws IOException {
    var silent = new TrainingExample(new int[] {3, 4, 5}, new boolean[3]);
    var settings = settings(42, 0);
    var run =
        start(
            "silent",
            settings,
            _ -> Directive.CONTINUE,
            new TrainingData(List.of(silent), List.of()));
    assertEquals(0.0, run.steps.getLast().train().loss());
    assertArrayEquals(weights(run.adapter(1)), weights(run.adapter(3)));
  }

  @Test
  void warmUpClimbsToThePeakAndTheLastStepIsNotWasted() {
    var schedule = new Schedule(1.0, 3, 103);
    assertEquals(1.0 / 3, schedule.at(1), 1e-12);
    assertEquals(1.0, schedule.at(3), 1e-12);
    assertEquals(1.0, schedule.at(4), 1e-12);
    assertEquals(0.01, schedule.at(103), 1e-12);
    assertEquals(0, TrainingSettings.warmupFor(99));
    assertEquals(3, TrainingSettings.warmupFor(100));
  }

  private static TrainingSettings settings(long seed, double dropout) {
    var lora = new LoraSettings(4, 8, dropout, EnumSet.allOf(LinearName.class));
    return new TrainingSettings(
        EPOCHS, 3, 5e-3, 0, 1.0, new TrainingMethod.Lora(lora), seed, Precision.FP32, 2);
  }

  private static LoraSettings lora(TrainingSettings settings) {
    return ((TrainingMethod.Lora) settings.method()).settings();
  }

  private Recorder start(String name, TrainingSettings settings, IntFunction<Directive> directives)
      throws IOException {
    return start(name, settings, directives, new TrainingData(Tiny.rows(), Tiny.rows()));
  }

  private Recorder start(
      String name, TrainingSettings settings, IntFunction<Directive> directives, TrainingData data)
      throws IOException {
    try (var model = Tiny.model(settings.precision())) {
      var adapter = LoraAdapter.fresh(model.config(), lora(settings), settings.seed());
      return finish(
          name, TrainingRun.start(model, adapter, data, settings, state(name)), directives);
    }
  }

  private Recorder resume(String name, TrainingSettings settings) throws IOException {
    try (LlamaModel model = Tiny.model(settings.precision())) {
      var data = new TrainingData(Tiny.rows(), Tiny.rows());
      var run = TrainingRun.resume(model, data, settings, state(name));
      assertEquals(5, run.completedSteps());
      return finish(name, run, _ -> Directive.CONTINUE);
    }
  }

  private Recorder finish(String name, TrainingRun run, IntFunction<Directive> directives)
      throws IOException {
    var recorder = new Recorder(folder.resolve(name), directives);
    try (run) {
      var result = run.run(recorder);
      assertEquals(result.finished(), !recorder.stopped);
      assertFalse(recorder.steps.isEmpty());
      return recorder;
    }
  }

  private Path state(String name) {
    return folder.resolve(name + ".state");
  }

  private static void assertSameAdapter(Recorder one, Recorder other) throws IOException {
    assertArrayEquals(weights(one.adapter(STEPS)), weights(other.adapter(STEPS)));
  }

  private static byte[] weights(Path adapter) throws IOException {
    return Files.readAllBytes(adapter.resolve(PeftFolder.WEIGHTS));
  }
}
