package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.full.FullLayout;
import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.kernel.Processor;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.engine.weights.DType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Gradients of all weights on matrix units against LibTorch's own differentiation in fp32. The
/// yardstick is the error that its differentiation in bf16 makes.
class FullGradientsTest {
  private static final SmallLlama SMALL = new SmallLlama(64, 128, 2, 1, 32, 300);

  @TempDir Path folder;

  @BeforeEach
  void machineHasMatrixUnits() {
    Processor.hasMatrixUnits();
  }

  static List<SmallLlama> models() {
    return SmallLlama.various();
  }

  @ParameterizedTest
  @MethodSource("models")
  void gradientsAreAsNearToTheOracleAsTheTypeAllows(SmallLlama model) throws IOException {
    compare(model, true, List.of(document(1, 20), document(2, 7), document(3, 131)));
  }

  @Test
  void soAreThoseOfAHeadOfItsOwn() throws IOException {
    compare(SMALL, false, List.of(document(1, 33), document(2, 64)));
  }

  @Test
  void soAreThoseOfMoreRowsThanAChunkAndMoreTargetsThanTheHeadTakesAtOnce() throws IOException {
    compare(SMALL, true, IntStream.range(0, 9).mapToObj(i -> document(i, 77 + i)).toList());
  }

  @Test
  void soAreThoseOfRowsThatShareAPrompt() throws IOException {
    compare(SMALL, true, Prompts.withOneThatIsAllPrompt(100, 130));
  }

  @Test
  void renewedWeightsAreThoseOfAModelThatBeginsWithThem() throws IOException {
    var pack = Pack.of(List.of(document(1, 70)), 1000).getFirst();
    try (var crew = new Crew("test", 2);
        var _ = Scope.open();
        var model = open(Precision.BF16, SMALL, true);
        var weights = FullWeights.read(folder, model.config());
        var changed = new TiledGradients(model, weights, crew)) {
      var before = changed.evaluate(pack);
      weights.parameters().mulInPlace(1.25);
      changed.parametersChanged();
      var made = folder.resolve("made");
      weights.write(made, "small");
      try (var other = LlamaModel.open(made, Precision.BF16);
          var same = FullWeights.read(made, other.config());
          var fresh = new TiledGradients(other, same, crew)) {
        assertEquals(fresh.evaluate(pack), changed.evaluate(pack));
        assertTrue(before.lossSum() != changed.evaluate(pack).lossSum(), "weights did not change");
      }
    }
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreads() throws IOException {
    var pack = Pack.of(List.of(document(1, 70), document(2, 300), document(3, 9)), 1000).getFirst();
    try (var model = open(Precision.BF16, SMALL, true);
        var _ = Scope.open()) {
      var alone = gradient(model, 1, List.of(pack));
      for (int threads = 2; threads <= 3; threads++) {
        for (int repeat = 0; repeat < 5; repeat++) {
          assertArrayEquals(alone, gradient(model, threads, List.of(pack)), threads + " threads");
        }
      }
    }
  }

  @Test
  void aShortPackKnowsNothingOfALongOneBeforeIt() throws IOException {
    var longOne = Pack.of(List.of(document(1, 140), document(2, 90)), 1000).getFirst();
    var shortOne = Pack.of(List.of(document(3, 41)), 1000).getFirst();
    try (var model = open(Precision.BF16, SMALL, true);
        var _ = Scope.open()) {
      var fresh = gradient(model, 2, List.of(shortOne));
      assertArrayEquals(fresh, gradient(model, 2, List.of(longOne, shortOne)));
    }
  }

  /// The gradient of the last of some packs, and its loss.
  private float[] gradient(LlamaModel model, int threads, List<Pack> packs) throws IOException {
    try (var crew = new Crew("test", threads);
        var weights = FullWeights.read(folder, model.config());
        var source = new TiledGradients(model, weights, crew);
        var _ = Scope.open()) {
      float[] result = {};
      for (var pack : packs) {
        var sum = Tensor.zeros(DType.F32, weights.layout().size() + 1);
        var tally = source.accumulate(pack, 0.01, 0, sum);
        result = sum.toFloats();
        result[result.length - 1] = (float) tally.lossSum();
        assertEquals(tally, source.evaluate(pack));
      }
      return result;
    }
  }

  private void compare(SmallLlama size, boolean tied, List<TrainingExample> documents)
      throws IOException {
    var pack = Pack.of(documents, 10_000).getFirst();
    var shared = Pack.of(documents, 10_000, true).getFirst();
    try (var crew = new Crew("test", 2);
        var _ = Scope.open();
        var exact = open(Precision.FP32, size, tied);
        var model = open(Precision.BF16, size, tied);
        var weights = FullWeights.read(folder, exact.config());
        var oracle = new AutogradGradients(exact, weights);
        var portable = new AutogradGradients(model, weights);
        var tiled = new TiledGradients(model, weights, crew)) {
      var expected = Tensor.zeros(DType.F32, weights.layout().size());
      var yardstick = Tensor.zeros(DType.F32, weights.layout().size());
      var actual = Tensor.zeros(DType.F32, weights.layout().size());
      var loss = oracle.accumulate(pack, 0.1, 9, expected);
      var portableLoss = portable.accumulate(pack, 0.1, 9, yardstick);
      var tally = tiled.accumulate(shared, 0.1, 9, actual);
      double allowed = Math.abs(portableLoss.lossSum() - loss.lossSum()) + 0.01 * pack.targets();
      assertEquals(loss.lossSum(), tally.lossSum(), allowed);
      for (var slot : weights.layout().slots()) {
        near(slot, expected, yardstick, actual);
      }
    }
  }

  private static void near(FullLayout.Slot slot, Tensor expected, Tensor yardstick, Tensor actual) {
    double size = FullWeights.view(expected, slot).norm().item();
    double usual = apart(slot, expected, yardstick) / size;
    double error = apart(slot, expected, actual) / size;
    assertTrue(size > 0, slot.name());
    assertTrue(
        error <= 1.5 * usual + 0.01,
        () ->
            "%s: off by %.4f, where the portable one is off by %.4f"
                .formatted(slot.name(), error, usual));
  }

  private static double apart(FullLayout.Slot slot, Tensor a, Tensor b) {
    return FullWeights.view(a, slot).sub(FullWeights.view(b, slot)).norm().item();
  }

  private LlamaModel open(Precision precision, SmallLlama size, boolean tied) throws IOException {
    return LlamaModel.open(size.write(folder, tied), precision);
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
