package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.infer.GeneratorSettings;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.AutogradGradients;
import dev.luthier.engine.train.gradient.GradientSource;
import dev.luthier.engine.train.gradient.LlamaGradients;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reinforcement on the tiny model, in fp32, with answers drawn by the decoder itself, several at a
/// time: this road rounds batches differently, so who is in one must not be decided by chance.
///
/// Its random weights say any token about as often as any other. So they are made able to be sure
/// of one, and then taught two words, each to be said half the time: what reinforcement starts
/// from.
class ReinforcementTest {
  private static final int DISLIKED = 77;
  private static final int LIKED = 41;
  private static final int END = 299;
  private static final int TRAINING = 8;
  private static final int HELD_OUT = 4;
  private static final ReinforcementSettings SETTINGS = new ReinforcementSettings(6, 3, 0.02);

  private static final int LESSONS = 24;

  @TempDir static Path shared;

  @TempDir Path folder;

  @BeforeAll
  static void teachTwoWords() throws IOException {
    var rows = new ArrayList<TrainingExample>();
    for (var prompt : prompts(TRAINING)) {
      rows.add(prompt.with(new Answer(new int[] {LIKED, END}, true)));
      rows.add(prompt.with(new Answer(new int[] {DISLIKED, END}, true)));
    }
    var base = writeBase(shared.resolve("base"));
    var recorder = new Recorder(shared, _ -> Directive.CONTINUE);
    try (var model = LlamaModel.open(base, Precision.FP32);
        var run =
            TrainingRun.start(
                model,
                LoraAdapter.fresh(model.config(), Tiny.LORA, 42),
                new TrainingData(rows, List.of()),
                settings(LESSONS, rows.size(), 2e-2),
                shared.resolve("state"))) {
      run.run(recorder);
    }
  }

  /// The tiny model with a last norm that is four times as loud: a higher exponent in bf16.
  private static Path writeBase(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.copy(Tiny.folder().resolve("config.json"), folder.resolve("config.json"));
    try (var arena = Arena.ofConfined();
        var tiny = Safetensors.map(Tiny.folder().resolve("model.safetensors"))) {
      var tensors = new ArrayList<>(tiny.tensors().values());
      tensors.replaceAll(
          tensor -> tensor.name().equals("model.norm.weight") ? loud(tensor, arena) : tensor);
      Safetensors.write(folder.resolve("model.safetensors"), tensors, tiny.metadata());
    }
    return folder;
  }

  private static StoredTensor loud(StoredTensor norm, Arena arena) {
    var data = arena.allocate(norm.data().byteSize()).copyFrom(norm.data());
    for (long at = 0; at < data.byteSize(); at += Short.BYTES) {
      short bits = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
      data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (bits + (2 << 7)));
    }
    return new StoredTensor(norm.name(), norm.type(), norm.shape(), data);
  }

  /// Alike but for one token, so that what is learned of some holds for others.
  private static List<Prompt> prompts(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Prompt(new int[] {11, 222, 100 + 7 * i, 55, 183}))
        .toList();
  }

  private static TrainingSettings settings(int epochs, int batch, double rate) {
    var lora = new TrainingMethod.Lora(Tiny.LORA);
    return new TrainingSettings(epochs, batch, rate, 0, 1.0, lora, 42, Precision.FP32, 5);
  }

  private static double liked(Answer answer) {
    return answer.token(0) == LIKED ? 1 : 0;
  }

  /// A run over eight prompts in pairs, so four steps an epoch.
  ///
  /// @param heldOut what was answered to the other prompts at each look, in order
  private record Trial(
      String name, int epochs, ToDoubleFunction<Answer> taste, List<List<String>> heldOut) {
    Trial(String name, int epochs, ToDoubleFunction<Answer> taste) {
      this(name, epochs, taste, new ArrayList<>());
    }

    List<Rewards.Reward> judge(List<Rewards.Judged> answers) {
      if (answers.getFirst().validation()) {
        heldOut.add(answers.stream().map(one -> Arrays.toString(one.answer().words())).toList());
      }
      return answers.stream()
          .map(one -> Rewards.Reward.of(taste.applyAsDouble(one.answer())))
          .toList();
    }
  }

  private Recorder run(Trial trial, boolean resume, IntFunction<Directive> directives)
      throws IOException {
    var place = Files.createDirectories(folder.resolve(trial.name));
    var settings = settings(trial.epochs, 2, 8e-3);
    var recorder = new Recorder(place, directives);
    var decoding = new GeneratorSettings(Precision.FP32, 5, 256, 2, 1);
    var base = shared.resolve("base");
    try (var model = LlamaModel.open(base, Precision.FP32);
        var answers = new PolicyAnswers(base, decoding, place, 2, Set.of(END))) {
      var all = prompts(TRAINING + HELD_OUT);
      var data =
          new ReinforcementData(
              all.subList(0, TRAINING),
              all.subList(TRAINING, all.size()),
              SETTINGS,
              answers,
              trial::judge);
      var taught = PeftFolder.read(shared.resolve("adapter-" + LESSONS), model.config());
      var machinery = Machinery.of(model, taught, 42);
      var state = place.resolve("state");
      try (var run =
          resume
              ? TrainingRun.resume(machinery, data, settings, state)
              : TrainingRun.start(machinery, data, settings, state)) {
        run.run(recorder);
      }
    }
    return recorder;
  }

  private static double measure(StepMetrics step, String name) {
    return step.measures().getOrDefault(name, Double.NaN);
  }

  private static double meanReward(List<StepMetrics> steps) {
    return steps.stream()
        .mapToDouble(step -> measure(step, "train_mean_reward"))
        .average()
        .orElseThrow();
  }

  @Test
  void theMeanRewardRisesAndHeldOutPromptsAreAnsweredDifferently() throws IOException {
    var trial = new Trial("learning", 2, ReinforcementTest::liked);
    var steps = run(trial, false, _ -> Directive.CONTINUE).steps;
    assertEquals(8, steps.size());
    double first = meanReward(steps.subList(0, 1));
    double last = meanReward(steps.subList(4, 8));
    assertTrue(first > 0.1 && first < 0.8, "one of two words is liked, but " + first);
    assertTrue(last > 0.9, "from %s to %s".formatted(first, last));

    var looks =
        steps.stream()
            .filter(step -> step.measures().containsKey("full_valid_mean_reward"))
            .toList();
    // Every fifth step, and the end of every epoch.
    assertEquals(List.of(4, 5, 8), looks.stream().map(StepMetrics::step).toList());
    assertEquals(looks.size(), trial.heldOut.size());
    assertTrue(measure(looks.getLast(), "full_valid_mean_reward") > 0.9, looks.toString());
    assertTrue(steps.getLast().fullValidation().isEmpty(), "there are no losses of prompts");

    assertEquals(0, measure(steps.getFirst(), "train_mean_kl"), 1e-6, "nothing has moved yet");
    assertTrue(measure(steps.getLast(), "train_mean_kl") > 0.05);
    assertTrue(measure(steps.getLast(), "train_completion_tokens_mean") <= 2);
  }

  /// The same run without a taste: what is held out keeps its answers, good and bad.
  @Test
  void rewardsThatAreAllAlikeTeachNothing() throws IOException {
    var trial = new Trial("alike", 2, _ -> 0.5);
    var steps = run(trial, false, _ -> Directive.CONTINUE).steps;
    steps.forEach(step -> assertEquals(0, step.gradientNorm(), step.toString()));
    var answers = trial.heldOut.getFirst();
    assertEquals(Set.of(answers), Set.copyOf(trial.heldOut), "the same seeds, the same answers");
    assertTrue(answers.contains("[" + LIKED + "]") && answers.contains("[" + DISLIKED + "]"));
  }

  @Test
  void aResumedRunEqualsAnUndisturbedOneToTheBit() throws IOException {
    var whole = new Trial("undisturbed", 1, ReinforcementTest::liked);
    var undisturbed = run(whole, false, _ -> Directive.CONTINUE);
    var cut = new Trial("cut", 1, ReinforcementTest::liked);
    var before = run(cut, false, step -> step == 3 ? Directive.STOP : Directive.CONTINUE);
    assertEquals(List.of(2), before.saved);
    var after = run(cut, true, _ -> Directive.CONTINUE);
    var losses = new ArrayList<>(before.losses());
    losses.addAll(after.losses());
    assertEquals(undisturbed.losses(), losses);
    assertEquals(undisturbed.steps.getLast().measures(), after.steps.getLast().measures());
    var one = undisturbed.adapter(4).resolve("adapter_model.safetensors");
    var other = after.adapter(4).resolve("adapter_model.safetensors");
    assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
  }

  /// The loss as its formula has it, at the masters moved along a direction, against the gradient.
  @Test
  void theGradientIsTheSlopeOfTheLossOnBothRoads() {
    try (var model = Tiny.model(Precision.FP32);
        var adapter = LoraAdapter.fresh(model.config(), Tiny.LORA, 5);
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      for (GradientSource source : List.of(written, recorded)) {
        slope(adapter, source);
      }
    }
  }

  private static void slope(LoraAdapter adapter, GradientSource source) {
    var masters = adapter.parameters();
    var start = Tensor.zeros(DType.F32, masters.elements()).copyFrom(masters);
    var settings = new ReinforcementSettings(3, 1, 0.5);
    var rewards = new double[] {1, 0, 0.25, 0.5, 0.5, 3};
    var data =
        new ReinforcementData(
            prompts(2),
            List.of(),
            settings,
            (_, wanted) -> wanted.stream().map(ReinforcementTest::drawn).toList(),
            answers ->
                IntStream.range(0, answers.size())
                    .mapToObj(i -> Rewards.Reward.of(rewards[i]))
                    .toList());
    try (var objective = new Reinforcement(data, source, adapter, 7)) {
      // Away from the beginning, so that there is a divergence.
      masters.addInPlace(noise(masters.elements(), 1, 0.3));
      source.parametersChanged();
      var gradient = Tensor.zeros(DType.F32, masters.elements());
      var look = objective.accumulate(List.of(0, 1), 0, gradient);
      assertTrue(look.measures().getOrDefault("mean_kl", 0.0) > 0.01, look.measures().toString());

      var examples = new ArrayList<TrainingExample>();
      var advantages = new ArrayList<Double>();
      for (int p = 0; p < 2; p++) {
        var group = new ArrayList<Rewards.Reward>();
        for (int i = 0; i < 3; i++) {
          group.add(Rewards.Reward.of(rewards[3 * p + i]));
        }
        for (double advantage : Reinforcement.advantages(group)) {
          advantages.add(advantage);
        }
      }
      var seeds = new CounterRandom(7, 11, 0);
      for (int i = 0; i < 6; i++) {
        var wanted = new Answering.Wanted(prompts(2).get(i / 3), seeds.bits(i));
        examples.add(wanted.prompt().with(drawn(wanted)));
      }
      var now = Tensor.zeros(DType.F32, masters.elements()).copyFrom(masters);
      masters.copyFrom(start);
      source.parametersChanged();
      var before = examples.stream().map(one -> losses(source, one)).toList();
      var direction = noise(masters.elements(), 2, 1);
      double step = 2e-3;
      double[] values = new double[2];
      for (int side = 0; side < 2; side++) {
        masters.copyFrom(now).addInPlace(direction, side == 0 ? -step : step);
        source.parametersChanged();
        int targets = 0;
        for (int i = 0; i < examples.size(); i++) {
          float[] l = losses(source, examples.get(i));
          for (int t = 0; t < l.length; t++, targets++) {
            double logRatio = l[t] - before.get(i)[t];
            double k = Math.exp(logRatio) - logRatio - 1;
            values[side] -= -advantages.get(i) * l[t] - settings.nearness() * k;
          }
        }
        values[side] /= targets;
      }
      double expected = (values[1] - values[0]) / (2 * step);
      double actual = gradient.mul(direction).sum().item();
      assertEquals(expected, actual, 0.01 * Math.abs(expected) + 1e-4);
      masters.copyFrom(start);
      source.parametersChanged();
    }
  }

  private static Answer drawn(Answering.Wanted wanted) {
    var random = new CounterRandom(wanted.seed());
    return new Answer(
        IntStream.range(0, 4 + random.below(4, 99)).map(t -> random.below(300, t)).toArray(),
        false);
  }

  private static Tensor noise(long elements, long seed, double size) {
    var random = new CounterRandom(seed);
    var noise = new float[Math.toIntExact(elements)];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (size * (random.uniform(i) - 0.5));
    }
    return Tensor.of(noise, noise.length);
  }

  private static float[] losses(GradientSource source, TrainingExample example) {
    var seen = source.losses(Pack.of(List.of(example), 1000).getFirst());
    var losses = new float[seen.count()];
    for (int t = 0; t < losses.length; t++) {
      losses[t] = seen.loss(t);
    }
    return losses;
  }

  @Test
  void advantagesAreRelativeToTheGroup() {
    assertArrayEquals(new double[] {0, 0, 0}, of(0.7, 0.7, 0.7), 1e-9);
    assertArrayEquals(new double[] {1, -1}, of(1, 0), 1e-3);
    assertArrayEquals(of(1, 0, 3), of(11, 1, 31), 1e-3);
  }

  private static double[] of(double... rewards) {
    var group = new ArrayList<Rewards.Reward>();
    for (double reward : rewards) {
      group.add(Rewards.Reward.of(reward));
    }
    return Reinforcement.advantages(group);
  }
}
