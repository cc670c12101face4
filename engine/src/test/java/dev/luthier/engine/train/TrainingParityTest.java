package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.luthier.engine.full.FullWeights;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.nn.CausalAttention;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The numbers of transformers and peft on the tiny model.
class TrainingParityTest {
  @TempDir Path folder;

  @Test
  void logitsEqualTheReference() throws IOException {
    assertArrayEquals(reference("logits"), logits(Projection.plain()), 1e-4f);
  }

  @Test
  void logitsWithAnAdapterEqualTheReference() throws IOException {
    try (var model = Tiny.model(Precision.FP32);
        var adapter = PeftFolder.read(Tiny.folder().resolve("adapter"), model.config());
        var _ = Scope.open()) {
      assertArrayEquals(reference("adapted"), logits(adapter.weights(Precision.FP32)), 1e-4f);
    }
  }

  @Test
  void lossesOfTwentyStepsEqualTheReferenceInFp32() throws IOException {
    compare(Precision.FP32, 1e-4);
  }

  @Test
  void lossesOfTwentyStepsEqualTheReferenceInBf16() throws IOException {
    compare(Precision.BF16, 2e-2);
  }

  @Test
  void lossesOfTwentyStepsOverAllWeightsEqualTheReferenceInFp32() throws IOException {
    compareFull(Precision.FP32, 1e-4);
  }

  @Test
  void lossesOfTwentyStepsOverAllWeightsEqualTheReferenceInBf16() throws IOException {
    compareFull(Precision.BF16, 2e-2);
  }

  private void compareFull(Precision precision, double tolerance) throws IOException {
    var all = Tiny.read("full.json");
    double rate = all.path("learning_rate").asDouble();
    var settings = Tiny.settings(precision, rate, new TrainingMethod.FullWeights());
    var recorder = new Recorder(folder, _ -> Directive.CONTINUE);
    try (var model = Tiny.model(precision);
        var run =
            TrainingRun.start(
                model,
                FullWeights.read(Tiny.folder(), model.config()),
                Tiny.inTurn(settings),
                settings,
                folder.resolve("state"))) {
      run.run(recorder);
    }
    compare(all.path(Tiny.key(precision)), recorder, precision, tolerance);
  }

  private void compare(Precision precision, double tolerance) throws IOException {
    var settings = Tiny.settings(precision);
    var recorder = new Recorder(folder, _ -> Directive.CONTINUE);
    try (var model = Tiny.model(precision);
        var run =
            TrainingRun.start(
                model,
                PeftFolder.read(Tiny.folder().resolve("adapter"), model.config()),
                Tiny.inTurn(settings),
                settings,
                folder.resolve("state"))) {
      run.run(recorder);
    }
    compare(Tiny.expected(precision), recorder, precision, tolerance);
  }

  private static void compare(
      JsonNode expected, Recorder recorder, Precision precision, double tolerance) {
    assertEquals(Tiny.STEPS, recorder.steps.size());
    for (var metrics : recorder.steps) {
      var step = expected.path("steps").get(metrics.step() - 1);
      var name = "step " + metrics.step();
      assertEquals(step.path("loss").asDouble(), metrics.train().loss(), tolerance, name);
      if (precision == Precision.FP32) {
        assertEquals(step.path("accuracy").asDouble(), metrics.train().tokenAccuracy(), 1e-6, name);
        assertEquals(step.path("gradient_norm").asDouble(), metrics.gradientNorm(), 1e-3, name);
      }
    }
    var last = recorder.steps.getLast().fullValidation().orElseThrow();
    assertEquals(expected.path("final").path("loss").asDouble(), last.loss(), tolerance);
  }

  private static float[] reference(String name) throws IOException {
    try (var file = Safetensors.map(Tiny.folder().resolve("logits.safetensors"));
        var _ = Scope.open()) {
      return Tensor.mapped(file.tensor(name)).toFloats();
    }
  }

  private static float[] logits(Projection projection) {
    try (var model = Tiny.model(Precision.FP32);
        var _ = Scope.open()) {
      var config = model.config();
      var attention = new CausalAttention(config.heads(), config.kvHeads(), config.headDim());
      AttentionStep alone = (_, q, k, v) -> attention.forward(q, k, v);
      var row = Tiny.rows().getFirst();
      var tokens = Tensor.of(IntStream.range(0, row.length()).map(row::token).toArray());
      var positions = Tensor.of(IntStream.range(0, row.length()).toArray());
      return model.logits(model.hidden(tokens, positions, projection, alone)).toFloats();
    }
  }
}
