package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Direct preference optimization on the tiny model, beside the numbers of TRL.
class PreferenceTest {
  private static final JsonNode REFERENCE = Tiny.read("dpo.json");

  @TempDir Path folder;

  @Test
  void lossesAndMarginsEqualTheReferenceInFp32() throws IOException {
    compare(Precision.FP32, 1e-4);
  }

  @Test
  void theyAreNearTheReferenceInBf16() throws IOException {
    compare(Precision.BF16, 5e-2);
  }

  private void compare(Precision precision, double tolerance) throws IOException {
    var recorder = run("parity", 1, inTurn(), precision, _ -> Directive.CONTINUE);
    var steps = REFERENCE.path("steps");
    assertEquals(steps.size(), recorder.steps.size());
    for (var metrics : recorder.steps) {
      var step = steps.get(metrics.step() - 1);
      var name = "step " + metrics.step();
      assertEquals(step.path("loss").asDouble(), metrics.train().loss(), tolerance, name);
      double margin = measure(metrics, "train_reward_margin");
      assertEquals(step.path("margin").asDouble(), margin, 10 * tolerance, name);
      if (precision == Precision.FP32) {
        if (metrics.step() > 1) { // At first margins are 0, and rounding decides which side of it.
          double accuracy = measure(metrics, "train_reward_accuracy");
          assertEquals(step.path("accuracy").asDouble(), accuracy, 1e-6, name);
        }
        assertEquals(step.path("gradient_norm").asDouble(), metrics.gradientNorm(), 1e-3, name);
      }
    }
  }

  private static double measure(StepMetrics step, String name) {
    return Objects.requireNonNull(step.measures().get(name), name);
  }

  @Test
  void atTheBeginningNothingIsPreferred() throws IOException {
    var recorder = run("begin", 1, data(), Precision.BF16, _ -> Directive.CONTINUE);
    var first = recorder.steps.getFirst();
    assertEquals(Math.log(2), first.train().loss(), 1e-6);
    assertEquals(0, measure(first, "train_reward_margin"), 1e-5);
  }

  @Test
  void theMarginRisesAndIsMeasuredOnTheValidationPairsToo() throws IOException {
    var recorder = run("learn", 6, data(), Precision.BF16, _ -> Directive.CONTINUE);
    var last = recorder.steps.getLast();
    assertTrue(last.fullValidation().orElseThrow().loss() < 0.2, last.toString());
    assertTrue(measure(last, "full_valid_reward_margin") > 2, last.toString());
    assertEquals(1, measure(last, "full_valid_reward_accuracy"));
    long tokens = data().training().stream().mapToLong(PreferencePair::length).sum();
    assertEquals(6 * tokens, recorder.steps.stream().mapToLong(StepMetrics::tokens).sum());
  }

  @Test
  void aRunThatWasStoppedGoesOnBitByBit() throws IOException {
    var whole = run("whole", 2, data(), Precision.BF16, _ -> Directive.CONTINUE);
    var begun =
        run(
            "parts",
            2,
            data(),
            Precision.BF16,
            step -> step == 3 ? Directive.STOP : Directive.CONTINUE);
    assertEquals(2, begun.steps.size());
    var ended = new Recorder(folder.resolve("parts"), _ -> Directive.CONTINUE);
    try (var model = Tiny.model(Precision.BF16);
        var run = TrainingRun.resume(model, data(), settings(2, Precision.BF16), state("parts"))) {
      run.run(ended);
    }
    var losses = new ArrayList<>(begun.losses());
    losses.addAll(ended.losses());
    assertEquals(whole.losses(), losses);
    assertArrayEquals(
        Files.readAllBytes(whole.adapter(6).resolve("adapter_model.safetensors")),
        Files.readAllBytes(ended.adapter(6).resolve("adapter_model.safetensors")));
  }

  @Test
  void whoStopsBeforeTheReferenceIsKnownLosesNothing() throws IOException {
    var recorder = run("early", 1, data(), Precision.BF16, _ -> Directive.STOP);
    assertEquals(List.of(), recorder.steps);
    assertFalse(Files.exists(state("early")));
  }

  @Test
  void aPairNeedsTwoAnswers() {
    var answer = example(List.of(3, 4), List.of(5));
    var nothing = example(List.of(3, 4), List.of());
    assertThrows(IllegalArgumentException.class, () -> new PreferencePair(answer, nothing));
    assertThrows(IllegalArgumentException.class, () -> new PreferencePair(answer, answer));
  }

  /// Starts from the reference's adapter, so that the model it is held to is not the base.
  private Recorder run(
      String name,
      int epochs,
      PreferenceData data,
      Precision precision,
      IntFunction<Directive> directives)
      throws IOException {
    var recorder = new Recorder(Files.createDirectories(folder.resolve(name)), directives);
    try (var model = Tiny.model(precision);
        var run =
            TrainingRun.start(model, adapter(), data, settings(epochs, precision), state(name))) {
      run.run(recorder);
    }
    return recorder;
  }

  private Path state(String name) {
    return folder.resolve(name).resolve("state");
  }

  private static LoraAdapter adapter() throws IOException {
    try (var model = Tiny.model(Precision.FP32)) {
      return PeftFolder.read(Tiny.folder().resolve("adapter"), model.config());
    }
  }

  private static TrainingSettings settings(int epochs, Precision precision) {
    double rate = REFERENCE.path("learning_rate").asDouble();
    return new TrainingSettings(
        epochs, Tiny.BATCH, rate, 0, 1.0, new TrainingMethod.Lora(Tiny.LORA), 42, precision, 2);
  }

  private static PreferenceData data() {
    return new PreferenceData(pairs(), pairs(), REFERENCE.path("beta").asDouble());
  }

  /// The reference takes its pairs in turn, and so does the run with these.
  private static PreferenceData inTurn() {
    int each = pairs().size();
    int count = REFERENCE.path("steps").size() * Tiny.BATCH;
    var order = new RowOrder(42, count, Tiny.BATCH);
    var placed = new PreferencePair[count];
    int next = 0;
    for (int step = 1; step <= count / Tiny.BATCH; step++) {
      for (int row : order.batch(step)) {
        placed[row] = pairs().get(next++ % each);
      }
    }
    return new PreferenceData(List.of(placed), List.of(), REFERENCE.path("beta").asDouble());
  }

  private static List<PreferencePair> pairs() {
    return REFERENCE
        .path("pairs")
        .valueStream()
        .map(pair -> {
          var prompt = numbers(pair.path("prompt_ids"));
          return new PreferencePair(
              example(prompt, numbers(pair.path("chosen_ids"))),
              example(prompt, numbers(pair.path("rejected_ids"))));
        })
        .toList();
  }

  private static List<Integer> numbers(JsonNode ids) {
    return ids.valueStream().map(JsonNode::asInt).toList();
  }

  private static TrainingExample example(List<Integer> prompt, List<Integer> answer) {
    var tokens = new int[prompt.size() + answer.size()];
    var trained = new boolean[tokens.length];
    for (int t = 0; t < tokens.length; t++) {
      trained[t] = t >= prompt.size();
      tokens[t] = trained[t] ? answer.get(t - prompt.size()) : prompt.get(t);
    }
    return new TrainingExample(tokens, trained);
  }
}
