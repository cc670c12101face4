package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Processor;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.engine.weights.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Gradients on matrix units against LibTorch's own differentiation in fp32, on the same (bf16)
/// weights. The yardstick is the error that the portable gradients make in bf16.
class TiledGradientsTest {
  private static final Set<LinearName> ALL = EnumSet.allOf(LinearName.class);
  private static final LoraSettings STANDARD = new LoraSettings(16, 32, 0, ALL);
  private static final SmallLlama SMALL = new SmallLlama(64, 128, 2, 1, 32, 300);

  @TempDir Path folder;

  @BeforeEach
  void machineHasMatrixUnits() {
    Processor.hasMatrixUnits();
  }

  private static LossWeights even(Pack pack) {
    return new LossWeights.Even(0.1);
  }

  /// Examples of even length are pulled, the others pushed less; all the more the less likely a
  /// target is, as it shows that weights see losses.
  private static LossWeights pulledAndPushed(Pack pack) {
    return (LossWeights.Found)
        seen -> {
          var each = new float[seen.count()];
          for (int t = 0; t < each.length; t++) {
            each[t] = (pack.example(t).length() % 2 == 0 ? 0.1f : -0.05f) * seen.loss(t);
          }
          return each;
        };
  }

  static List<SmallLlama> models() {
    return SmallLlama.various();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreAsNearToTheOracleAsTheTypeAllows(SmallLlama model) throws IOException {
    compare(model, STANDARD, List.of(document(1, 20), document(2, 7), document(3, 131)));
  }

  @Test
  void soAreThoseOfSomeLinearsOnly() throws IOException {
    var some = EnumSet.of(LinearName.V_PROJ, LinearName.UP_PROJ);
    compare(SMALL, new LoraSettings(16, 32, 0, some), List.of(document(3, 33)));
    var others = EnumSet.of(LinearName.Q_PROJ, LinearName.O_PROJ, LinearName.DOWN_PROJ);
    compare(SMALL, new LoraSettings(16, 32, 0, others), List.of(document(3, 64)));
  }

  @Test
  void soAreThoseOfOtherRanks() throws IOException {
    for (int rank : new int[] {1, 5, 20, 32}) {
      compare(SMALL, new LoraSettings(rank, 8, 0, ALL), List.of(document(4, 50)));
    }
  }

  @Test
  void soAreThoseOfMoreTargetsThanTheHeadTakesAtOnce() throws IOException {
    var documents = IntStream.range(0, 9).mapToObj(i -> document(i, 77 + i)).toList();
    compare(SMALL, STANDARD, documents);
  }

  /// The oracle computes each row's prompt, this one each prompt once.
  @ParameterizedTest
  @ValueSource(ints = {16, 64, 100, 270})
  void soAreThoseOfRowsThatShareAPrompt(int prompt) throws IOException {
    compare(SMALL, STANDARD, Prompts.withOneThatIsAllPrompt(prompt, 130));
  }

  @ParameterizedTest
  @MethodSource("models")
  void whateverTheSizesOfTheModel(SmallLlama model) throws IOException {
    compare(model, STANDARD, Prompts.of(75, 130));
  }

  @Test
  void soAreThoseOfTargetsThatCountByWhatTheyAre() throws IOException {
    var documents = IntStream.range(0, 9).mapToObj(i -> document(i, 77 + i)).toList();
    compare(SMALL, STANDARD, documents, TiledGradientsTest::pulledAndPushed);
    compare(SMALL, STANDARD, Prompts.of(75, 130), TiledGradientsTest::pulledAndPushed);
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() throws IOException {
    var documents = List.of(document(1, 70), document(2, 300), document(3, 9));
    sameBitsForAnyNumberOfThreads(documents, TiledGradientsTest::even);
    sameBitsForAnyNumberOfThreads(Prompts.of(200, 130), TiledGradientsTest::even);
    sameBitsForAnyNumberOfThreads(documents, TiledGradientsTest::pulledAndPushed);
  }

  private void sameBitsForAnyNumberOfThreads(
      List<TrainingExample> documents, Function<Pack, LossWeights> weights) throws IOException {
    var pack = Pack.of(documents, 2000, true).getFirst();
    try (var model = open(Precision.BF16, SMALL);
        var _ = Scope.open()) {
      var alone = gradient(model, 1, List.of(pack), weights);
      for (int threads = 2; threads <= 3; threads++) {
        for (int repeat = 0; repeat < 5; repeat++) {
          var several = gradient(model, threads, List.of(pack), weights);
          assertArrayEquals(alone, several, threads + " threads");
        }
      }
    }
  }

  @Test
  void aShortPackKnowsNothingOfALongOneBeforeIt() throws IOException {
    var longOne = Pack.of(List.of(document(1, 140), document(2, 90)), 1000).getFirst();
    var shortOne = Pack.of(List.of(document(3, 41)), 1000).getFirst();
    var sharing = Pack.of(Prompts.of(40, 130), 1000, true).getFirst();
    try (var model = open(Precision.BF16, SMALL);
        var _ = Scope.open()) {
      var fresh = gradient(model, 2, List.of(shortOne));
      assertArrayEquals(fresh, gradient(model, 2, List.of(longOne, sharing, shortOne)));
      var freshShares = gradient(model, 2, List.of(sharing));
      assertArrayEquals(freshShares, gradient(model, 2, List.of(shortOne, longOne, sharing)));
    }
  }

  @Test
  void adaptersWithDropoutAndOtherTypesAreForThePortableGradients() throws IOException {
    try (var model = open(Precision.BF16, SMALL);
        var plain = adapter(model, STANDARD);
        var dropping = adapter(model, new LoraSettings(16, 32, 0.1, ALL))) {
      assertTrue(TiledGradients.fits(model, plain));
      assertFalse(TiledGradients.fits(model, dropping));
    }
    try (var model = open(Precision.FP32, SMALL);
        var plain = adapter(model, STANDARD)) {
      assertFalse(TiledGradients.fits(model, plain));
    }
  }

  private static float[] gradient(LlamaModel model, int threads, List<Pack> packs) {
    return gradient(model, threads, packs, TiledGradientsTest::even);
  }

  /// The gradient of the last of some packs, and its loss.
  private static float[] gradient(
      LlamaModel model, int threads, List<Pack> packs, Function<Pack, LossWeights> weights) {
    try (var crew = new Crew("test", threads);
        var adapter = adapter(model, STANDARD);
        var source = new TiledGradients(model, adapter, crew);
        var _ = Scope.open()) {
      float[] result = {};
      for (var pack : packs) {
        var sum = Tensor.zeros(DType.F32, adapter.layout().size() + 1);
        var tally = source.accumulate(pack, weights.apply(pack), 0, sum);
        result = sum.toFloats();
        result[result.length - 1] = (float) tally.lossSum();
        assertEquals(tally, source.evaluate(pack));
        var seen = source.losses(pack);
        double all = 0;
        for (int t = 0; t < seen.count(); t++) {
          all += seen.loss(t);
        }
        assertEquals(tally.lossSum(), all, 1e-9);
      }
      return result;
    }
  }

  private void compare(SmallLlama size, LoraSettings settings, List<TrainingExample> documents)
      throws IOException {
    compare(size, settings, documents, TiledGradientsTest::even);
  }

  private void compare(
      SmallLlama size,
      LoraSettings settings,
      List<TrainingExample> documents,
      Function<Pack, LossWeights> weights)
      throws IOException {
    var pack = Pack.of(documents, 10_000).getFirst();
    var shared = Pack.of(documents, 10_000, true).getFirst();
    try (var crew = new Crew("test", 2);
        var _ = Scope.open();
        var exact = open(Precision.FP32, size);
        var model = open(Precision.BF16, size);
        var adapter = adapter(exact, settings);
        var oracle = new AutogradGradients(exact, adapter, 42);
        var portable = new LlamaGradients(model, adapter, 42);
        var tiled = new TiledGradients(model, adapter, crew)) {
      var expected = Tensor.zeros(DType.F32, adapter.layout().size());
      var yardstick = Tensor.zeros(DType.F32, adapter.layout().size());
      var actual = Tensor.zeros(DType.F32, adapter.layout().size());
      var loss = oracle.accumulate(pack, weights.apply(pack), 9, expected);
      var portableLoss = portable.accumulate(pack, weights.apply(pack), 9, yardstick);
      var tally = tiled.accumulate(shared, weights.apply(shared), 9, actual);
      double allowed = Math.abs(portableLoss.lossSum() - loss.lossSum()) + 0.01 * pack.targets();
      assertEquals(loss.lossSum(), tally.lossSum(), allowed);
      assertEquals(pack.targets(), tally.targets());
      for (var slot : adapter.layout().slots()) {
        long a = (long) slot.rank() * slot.in();
        long b = (long) slot.rank() * slot.out();
        near(slot.key("A"), slot.offsetA(), a, expected, yardstick, actual);
        near(slot.key("B"), slot.offsetB(), b, expected, yardstick, actual);
      }
    }
  }

  private static void near(
      String name, long first, long count, Tensor expected, Tensor yardstick, Tensor actual) {
    double size = expected.narrow(0, first, count).norm().item();
    double usual = apart(expected, yardstick, first, count) / size;
    double error = apart(expected, actual, first, count) / size;
    assertTrue(
        error <= 1.5 * usual + 0.01,
        () ->
            "%s: off by %.4f, where the portable one is off by %.4f".formatted(name, error, usual));
  }

  private static double apart(Tensor a, Tensor b, long first, long count) {
    return a.narrow(0, first, count).sub(b.narrow(0, first, count)).norm().item();
  }

  private LlamaModel open(Precision precision, SmallLlama size) throws IOException {
    return LlamaModel.open(size.write(folder), precision);
  }

  /// B is drawn too: with B zero the gradient of A would be zero and show nothing.
  private static LoraAdapter adapter(LlamaModel model, LoraSettings settings) {
    try (var _ = Scope.open()) {
      var adapter = LoraAdapter.fresh(model.config(), settings, 5);
      var random = new CounterRandom(6);
      var noise = new float[Math.toIntExact(adapter.layout().size())];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) (0.1 * (random.uniform(i) - 0.5));
      }
      adapter.parameters().addInPlace(Tensor.of(noise, noise.length));
      return adapter;
    }
  }

  private static TrainingExample document(long seed, int length) {
    var random = new CounterRandom(seed);
    var trained = new boolean[length];
    for (int t = length / 5; t < length; t++) {
      trained[t] = t % 7 != 0;
    }
    return new TrainingExample(
        IntStream.range(0, length).map(t -> random.below(64, t)).toArray(), trained);
  }
}
