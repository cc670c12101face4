package dev.luthier.engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.crew.Crew;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Precision;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.LlamaGradients;
import dev.luthier.engine.train.gradient.Pack;
import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a step would do to a GPU, seen on a processor.
class DeviceStepTest {
  @TempDir Path folder;

  @Test
  void aStepReadsOnceAtItsEndValidationIncluded() throws IOException {
    var settings = Tiny.settings(Precision.FP32);
    var reads = new ArrayList<Long>();
    try (var model = Tiny.model(Precision.FP32);
        var run = start(model, settings)) {
      run.run(new Recorder(folder, step -> note(reads)));
      note(reads);
    }
    assertEquals(Tiny.STEPS + 1, reads.size());
    for (int step = 1; step < Tiny.STEPS; step++) {
      assertEquals(1, reads.get(step) - reads.get(step - 1), "reads of step " + step);
    }
  }

  /// Tensors without values cannot be read, nor added to those of the host: a step that goes
  /// through asks the host for nothing.
  @Test
  void aStepGoesThroughOnTensorsWithoutValues() throws IOException {
    Device.use(DeviceClass.META);
    try (var model = Tiny.model(Precision.BF16);
        var adapter = LoraAdapter.fresh(model.config(), Tiny.LORA, 1);
        var source = new LlamaGradients(model, adapter, 1);
        var crew = new Crew("meta", 1);
        var optimizer = new AdamW(adapter.parameters(), crew);
        var _ = Scope.open()) {
      var gradient = Tensor.zeros(DType.F32, adapter.layout().size());
      var packs = Pack.of(Tiny.rows(), 64);
      assertTrue(packs.stream().anyMatch(pack -> pack.documents().size() > 1));
      long before = Device.hostReads();
      optimizer.clear(gradient);
      var tally = source.accumulate(packs.getFirst(), 0.1, 0, gradient);
      for (var pack : packs.subList(1, packs.size())) {
        tally = tally.plus(source.accumulate(pack, 0.1, 0, gradient));
      }
      var norm = optimizer.step(1, 1e-3, gradient, 1);
      source.parametersChanged();
      var look = source.evaluate(packs.getFirst());
      assertEquals(before, Device.hostReads());
      assertThrows(RuntimeException.class, () -> norm.at(0));
      assertThrows(RuntimeException.class, tally::lossSum);
      assertThrows(RuntimeException.class, look::lossSum);
    } finally {
      Device.use(DeviceClass.CPU);
    }
  }

  @Test
  void aRunThatGoesOnOnAnotherDeviceSaysSo() throws IOException {
    var settings = Tiny.settings(Precision.FP32);
    try (var model = Tiny.model(Precision.FP32)) {
      try (var run = start(model, settings)) {
        assertTrue(run.changeOfDevice().isEmpty());
        run.run(new Recorder(folder, step -> step == 3 ? Directive.STOP : Directive.CONTINUE));
      }
      try (var same =
          TrainingRun.resume(model, Tiny.inTurn(settings), settings, folder.resolve("state"))) {
        assertTrue(same.changeOfDevice().isEmpty());
      }
      pretendItWasMadeOnAGpu(folder.resolve("state"));
      try (var other =
          TrainingRun.resume(model, Tiny.inTurn(settings), settings, folder.resolve("state"))) {
        var said = other.changeOfDevice().orElseThrow();
        assertTrue(said.startsWith("The first 2 steps were computed on cuda"), said);
        assertFalse(said.contains("%"), said);
      }
    }
  }

  private static void pretendItWasMadeOnAGpu(Path state) throws IOException {
    var changed = state.resolveSibling("changed");
    try (var file = Safetensors.map(state)) {
      var metadata = new HashMap<>(file.metadata());
      assertEquals("cpu", metadata.put("device", "cuda"));
      Safetensors.write(changed, List.copyOf(file.tensors().values()), metadata);
    }
    Files.move(changed, state, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
  }

  private TrainingRun start(dev.luthier.engine.model.Decoder model, TrainingSettings settings)
      throws IOException {
    return TrainingRun.start(
        model,
        PeftFolder.read(Tiny.folder().resolve("adapter"), model.config()),
        Tiny.inTurn(settings),
        settings,
        folder.resolve("state"));
  }

  private static Directive note(List<Long> reads) {
    reads.add(Device.hostReads());
    return Directive.CONTINUE;
  }
}
