package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

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
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Targets that count differently, and the losses of single targets, in fp32.
class WeightedTargetsTest {
  private static final LoraSettings LORA =
      new LoraSettings(4, 8, 0, EnumSet.allOf(LinearName.class));

  /// Factors between -1 and 1, some of them 0.
  static List<TrainingExample> weighted(List<TrainingExample> examples) {
    var weighted = new ArrayList<TrainingExample>();
    for (var example : examples) {
      var random = new CounterRandom(17, weighted.size());
      var factors = new float[example.targets()];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = i % 4 == 3 ? 0 : (float) (2 * random.uniform(i) - 1);
      }
      weighted.add(example.weighted(factors));
    }
    return weighted;
  }

  @Test
  void theGradientIsThatOfTheWeightedSumOnEveryRoad() {
    var documents = weighted(Prompts.of(50, 60));
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter();
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42);
        var _ = Scope.open()) {
      // Target by target: each alone, with nothing but the plain factor.
      var expected = Tensor.zeros(DType.F32, adapter.layout().size());
      for (var document : documents) {
        for (int target = 0; target < document.targets(); target++) {
          var alone = Pack.of(List.of(onlyTarget(document, target)), 1000).getFirst();
          recorded.accumulate(alone, 0.1 * document.weight(target), 0, expected);
        }
      }
      float largest = (float) expected.norm().item();
      for (GradientSource source : List.of(written, recorded)) {
        var pack = Pack.of(documents, 10_000, true).getFirst();
        var actual = Tensor.zeros(DType.F32, adapter.layout().size());
        var tally = source.accumulate(pack, 0.1, 0, actual);
        assertArrayEquals(expected.toFloats(), actual.toFloats(), 2e-5f * largest);
        assertEquals(
            source.evaluate(pack).lossSum(), tally.lossSum(), 1e-3, "the tally has no weights");
      }
    }
  }

  private static TrainingExample onlyTarget(TrainingExample document, int wanted) {
    var tokens = new int[document.length()];
    var trained = new boolean[tokens.length];
    int target = 0;
    for (int t = 0; t < tokens.length; t++) {
      tokens[t] = document.token(t);
      trained[t] = document.trained(t) && target++ == wanted;
    }
    return new TrainingExample(tokens, trained);
  }

  @Test
  void lossesComeBackToTheirExamplesHoweverTheyWerePacked() {
    var documents = new ArrayList<>(Prompts.of(40, 60));
    Collections.swap(documents, 0, 5);
    try (var model = Tiny.model(Precision.FP32);
        var adapter = adapter();
        var written = new LlamaGradients(model, adapter, 42);
        var recorded = new AutogradGradients(model, adapter, 42)) {
      for (int rowsMax : new int[] {1, 80, 10_000}) {
        var losses = TargetLosses.of(written, documents, rowsMax);
        for (int i = 0; i < documents.size(); i++) {
          var alone = Pack.of(List.of(documents.get(i)), 1000).getFirst();
          assertArrayEquals(recorded.losses(alone), losses.get(i), 1e-4f, "document " + i);
        }
      }
      var twice = List.of(documents.getFirst(), documents.getFirst());
      assertThrows(IllegalArgumentException.class, () -> TargetLosses.of(written, twice, 10_000));
    }
  }

  @Test
  void asManyFactorsAsTargets() {
    var example = Prompts.of(40, 60).getFirst();
    assertThrows(IllegalArgumentException.class, () -> example.weighted(new float[] {1}));
  }

  private static LoraAdapter adapter() {
    try (var model = Tiny.model(Precision.FP32);
        var _ = Scope.open()) {
      var adapter = LoraAdapter.fresh(model.config(), LORA, 5);
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
