package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.api.Test;

/// Weights that are found from the losses, on the portable roads.
class LossWeightsTest {
  private static final LoraSettings SETTINGS =
      new LoraSettings(4, 8, 0, EnumSet.allOf(LinearName.class));

  /// One answer is pulled, the other pushed, as a preference does.
  @Test
  void eachExampleCountsByItsOwnWeight() {
    // More targets than a head holds at once.
    var pulled = List.of(example(1, 110, 20), example(2, 100, 20));
    var pushed = List.of(example(3, 90, 20), example(4, 120, 20));
    var pack = Pack.ofGroups(List.of(pulled, pushed), 10_000, false).getFirst();
    LossWeights.Found weights =
        seen -> {
          assertEquals(pack.targets(), seen.count());
          var each = new float[seen.count()];
          for (int t = 0; t < each.length; t++) {
            each[t] = pulled.contains(pack.example(t)) ? 0.3f : -0.2f;
          }
          return each;
        };
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter();
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      var expected = Tensor.zeros(DType.F32, adapter.layout().size());
      recorded.accumulate(Pack.of(pulled, 10_000).getFirst(), 0.3, 0, expected);
      recorded.accumulate(Pack.of(pushed, 10_000).getFirst(), -0.2, 0, expected);
      float largest = (float) expected.norm().item();
      assertTrue(largest > 0);
      for (GradientSource source : List.of(written, recorded)) {
        var actual = Tensor.zeros(DType.F32, adapter.layout().size());
        var tally = source.accumulate(pack, weights, 0, actual);
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f * largest);
        assertEquals(source.evaluate(pack).lossSum(), tally.lossSum(), 1e-3);
      }
    }
  }

  @Test
  void lossesOneByOneAddUpToTheirSum() {
    var examples = List.of(example(1, 120, 2), example(2, 120, 2), example(3, 120, 2));
    var pack = Pack.of(examples, 10_000).getFirst();
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter();
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      for (GradientSource source : List.of(written, recorded)) {
        var seen = source.losses(pack);
        double sum = 0;
        int right = 0;
        for (int t = 0; t < seen.count(); t++) {
          sum += seen.loss(t);
          right += seen.isRight(t) ? 1 : 0;
        }
        var tally = source.evaluate(pack);
        assertEquals(tally.lossSum(), sum, 1e-3);
        assertEquals(tally.correct(), right);
      }
    }
  }

  @Test
  void aGroupIsNeverCutApart() {
    var groups =
        List.of(
            List.of(example(1, 50, 5), example(2, 50, 5)),
            List.of(example(3, 60, 5), example(4, 60, 5)),
            List.of(example(5, 10, 5), example(6, 10, 5)));
    var packs = Pack.ofGroups(groups, 150, false);
    assertEquals(List.of(98, 136), packs.stream().map(Pack::rows).toList());
    assertSame(groups.get(0).get(1), packs.getFirst().example(packs.getFirst().targets() - 1));
  }

  private static TrainingExample example(int seed, int length, int prompt) {
    var random = new CounterRandom(seed);
    var tokens = new int[length];
    var trained = new boolean[length];
    for (int t = 0; t < length; t++) {
      tokens[t] = random.below(300, t);
      trained[t] = t >= prompt;
    }
    return new TrainingExample(tokens, trained);
  }

  /// B is drawn too: with B zero the gradient of A would be zero and show nothing.
  private static LoraAdapter adapter() {
    try (var model = Tiny.model(Precision.FP32);
        var _ = Scope.open()) {
      var adapter = LoraAdapter.fresh(model.config(), SETTINGS, 5);
      var random = new CounterRandom(6);
      var noise = new float[Math.toIntExact(adapter.layout().size())];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = (float) (0.1 * (random.uniform(i) - 0.5));
      }
      adapter.parameters().addInPlace(Tensor.of(noise, noise.length));
      return adapter;
    }
  }
}
