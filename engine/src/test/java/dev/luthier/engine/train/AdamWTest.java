package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Processor;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

/// The optimizer on vectors against the one on LibTorch's operations, which a GPU takes.
class AdamWTest {
  private static final int COUNT = 70_001; // More than a piece, and no whole number of vectors.

  @Test
  void bothRoadsMoveTheWeightsAlike() {
    Processor.hasWideVectors();
    try (var crew = new Crew("adam", 1);
        var _ = Scope.open()) {
      var one = random(1);
      var other = Tensor.of(one.toFloats(), COUNT);
      try (var vectors = new AdamW(one, crew, true);
          var tensors = new AdamW(other, crew, false)) {
        for (int step = 1; step <= 3; step++) {
          var gradient = random(10 + step).mulInPlace(step); // Norms above and below the limit.
          double normMax = step == 2 ? 1e6 : 1;
          double norm = vectors.step(step, 1e-3, gradient, normMax).at(0);
          double expected = gradient.norm().item();
          assertEquals(expected, norm, 1e-4 * expected);
          assertEquals(
              expected, tensors.step(step, 1e-3, gradient, normMax).at(0), 1e-4 * expected);
        }
        assertArrayEquals(one.toFloats(), other.toFloats(), 1e-6f);
      }
    }
  }

  @Test
  void bothTellANormThatIsNotFinite() {
    try (var crew = new Crew("adam", 1);
        var _ = Scope.open()) {
      for (boolean kernels : new boolean[] {true, false}) {
        var gradient = random(3);
        gradient.narrow(0, 5, 1).copyFrom(Tensor.filled(Double.NaN, gradient.type(), 1));
        try (var adam = new AdamW(random(2), crew, kernels)) {
          assertFalse(Double.isFinite(adam.step(1, 1e-3, gradient, 1).at(0)));
        }
      }
    }
  }

  private static Tensor random(long seed) {
    var random = new CounterRandom(seed);
    var values = new float[COUNT];
    for (int i = 0; i < COUNT; i++) {
      values[i] = (float) (random.uniform(i) - 0.5);
    }
    return Tensor.of(values, COUNT);
  }
}
