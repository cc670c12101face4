package dev.luthier.engine.train.gradient;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.kernel.Vectors;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.llama.LlamaModel;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.Tiny;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// LibTorch's operators are the oracle.
class PackedProductsTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 31, 64, 165})
  void productsAreThoseOfOperators(int rows) {
    try (var model = Tiny.model(Precision.FP32);
        var crew = new Crew("test", 2);
        var packed = new PackedProducts(model, crew);
        var plain = new OperatorProducts(model);
        var _ = Scope.open()) {
      for (var name : LinearName.values()) {
        var linear = model.layers().get(1).linear(name);
        var x = random(rows, linear.inFeatures(), 1);
        var dy = random(rows, linear.outFeatures(), 2);
        near(plain.forward(1, name, x), packed.forward(1, name, x));
        near(plain.backward(1, name, dy), packed.backward(1, name, dy));
        var expected = random(rows, linear.inFeatures(), 3);
        var actual = random(rows, linear.inFeatures(), 3);
        plain.backwardInto(expected, 1, name, dy);
        packed.backwardInto(actual, 1, name, dy);
        near(expected, actual);
      }
    }
  }

  @Test
  void rowsMayLieApartInMemory() {
    try (var model = Tiny.model(Precision.FP32);
        var crew = new Crew("test", 2);
        var packed = new PackedProducts(model, crew);
        var plain = new OperatorProducts(model);
        var _ = Scope.open()) {
      long in = model.layers().getFirst().linear(LinearName.DOWN_PROJ).inFeatures();
      var x = random(9, 2 * in, 1).narrow(1, 5, in);
      near(plain.forward(0, LinearName.DOWN_PROJ, x), packed.forward(0, LinearName.DOWN_PROJ, x));
    }
  }

  @Test
  void theNumberOfThreadsChangesNoBit() {
    try (var model = Tiny.model(Precision.FP32);
        var _ = Scope.open()) {
      var x = random(77, model.config().hiddenSize(), 1);
      assertArrayEquals(gates(model, x, 1), gates(model, x, 3));
    }
  }

  @Test
  void theyFitFp32OnVectorsOf256Bits() {
    try (var fp32 = Tiny.model(Precision.FP32);
        var bf16 = Tiny.model(Precision.BF16)) {
      assertEquals(Vectors.lanes() >= 8, PackedProducts.fit(fp32));
      assertFalse(PackedProducts.fit(bf16));
    }
  }

  private static float[] gates(LlamaModel model, Tensor x, int threads) {
    try (var crew = new Crew("test", threads);
        var packed = new PackedProducts(model, crew);
        var _ = Scope.open()) {
      return packed.forward(0, LinearName.GATE_PROJ, x).toFloats();
    }
  }

  private static void near(Tensor expected, Tensor actual) {
    assertArrayEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.toFloats(), actual.toFloats(), 1e-5f);
  }

  private static Tensor random(int rows, long columns, long seed) {
    var random = new Random(seed);
    var values = new float[Math.toIntExact(rows * columns)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() - 0.5f;
    }
    return Tensor.of(values, rows, columns);
  }
}
