package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.Tiny;
import dev.luthier.engine.train.TrainingExample;
import dev.luthier.engine.weights.DType;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hand-written gradients against LibTorch's own differentiation, in fp32.
class GradientSourceTest {
  private static final Set<LinearName> ALL = EnumSet.allOf(LinearName.class);

  @Test
  void handWrittenGradientsEqualRecordedOnes() {
    compare(new LoraSettings(4, 8, 0, ALL), List.of(document(1, 20), document(2, 7)));
  }

  @Test
  void soDoTheyWithDropout() {
    compare(new LoraSettings(4, 8, 0.25, ALL), List.of(document(1, 20), document(2, 7)));
  }

  @Test
  void soDoTheyOnSomeLinearsOnly() {
    var some = EnumSet.of(LinearName.V_PROJ, LinearName.UP_PROJ);
    compare(new LoraSettings(4, 8, 0, some), List.of(document(3, 15)));
  }

  @Test
  void documentsPackedTogetherGiveTheSumOfEachAlone() {
    var documents = List.of(document(1, 20), document(2, 7), document(3, 30));
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter(new LoraSettings(4, 8, 0, ALL));
        var source = new LlamaGradients(model, adapter, 42);
        var _ = Scope.open()) {
      var together = Tensor.zeros(DType.F32, adapter.layout().size());
      var packs = Pack.of(documents, 1000);
      assertEquals(1, packs.size());
      var tally = source.accumulate(packs.getFirst(), 0.01, 0, together);
      var apart = Tensor.zeros(DType.F32, adapter.layout().size());
      var sum = Tally.NONE;
      for (var pack : Pack.of(documents, 1)) {
        sum = sum.plus(source.accumulate(pack, 0.01, 0, apart));
      }
      assertEquals(sum.lossSum(), tally.lossSum(), 1e-3);
      assertEquals(sum.targets(), tally.targets());
      assertArrayEquals(apart.toFloats(), together.toFloats(), 1e-5f);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 50, 64})
  void rowsThatShareAPromptGiveTheSumOfEachAlone(int prompt) {
    var documents = Prompts.withOneThatIsAllPrompt(prompt, 60);
    var apart = Pack.of(documents, 10_000).getFirst();
    var shared = Pack.of(documents, 10_000, true).getFirst();
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter(new LoraSettings(4, 8, 0, ALL));
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      var expected = Tensor.zeros(DType.F32, adapter.layout().size());
      var oracle = recorded.accumulate(apart, 0.1, 0, expected);
      for (GradientSource source : List.of(written, recorded)) {
        assertTrue(source.sharesPrefixes());
        var actual = Tensor.zeros(DType.F32, adapter.layout().size());
        var tally = source.accumulate(shared, 0.1, 0, actual);
        assertEquals(oracle.lossSum(), tally.lossSum(), 1e-3);
        assertEquals(oracle.correct(), tally.correct());
        assertEquals(oracle.lossSum(), source.evaluate(shared).lossSum(), 1e-3);
        float largest = (float) expected.norm().item();
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f * largest);
      }
    }
  }

  /// Each document's rows are dropped by a mask of their own.
  @Test
  void withDropoutNothingIsShared() {
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter(new LoraSettings(4, 8, 0.1, ALL));
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42)) {
      assertFalse(written.sharesPrefixes());
      assertFalse(recorded.sharesPrefixes());
    }
  }

  private static void compare(LoraSettings settings, List<TrainingExample> documents) {
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter(settings);
        var crew = new Crew("test", 2);
        var written = new LlamaGradients(model, adapter, 42);
        var packed = new LlamaGradients(model, adapter, 42, new PackedProducts(model, crew));
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      var pack = Pack.of(documents, 1000).getFirst();
      var expected = Tensor.zeros(DType.F32, adapter.layout().size());
      var oracle = recorded.accumulate(pack, 0.1, 9, expected);
      for (var source : List.of(written, packed)) {
        var actual = Tensor.zeros(DType.F32, adapter.layout().size());
        var tally = source.accumulate(pack, 0.1, 9, actual);
        assertEquals(oracle.lossSum(), tally.lossSum(), 1e-3);
        assertEquals(oracle.correct(), tally.correct());
        assertEquals(recorded.evaluate(pack).lossSum(), source.evaluate(pack).lossSum(), 1e-3);
        float largest = (float) expected.norm().item();
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f * largest);
      }
    }
  }

  /// B is drawn too: with B zero the gradient of A would be zero and show nothing.
  private static LoraAdapter adapter(LoraSettings settings) {
    try (var model = Tiny.model(Precision.FP32);
        var _ = Scope.open()) {
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
    for (int t = length / 3; t < length; t++) {
      trained[t] = t % 5 != 0;
    }
    return new TrainingExample(
        IntStream.range(0, length).map(t -> random.below(300, t)).toArray(), trained);
  }
}
