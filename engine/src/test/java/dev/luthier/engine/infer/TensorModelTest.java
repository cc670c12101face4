package dev.luthier.engine.infer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.luthier.engine.infer.BatchModel.Rows;
import dev.luthier.engine.model.Families;
import dev.luthier.engine.tensor.Device;
import dev.luthier.engine.tensor.DeviceClass;
import dev.luthier.engine.tensor.Precision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a pass of the portable model would do to a GPU, seen on a processor.
class TensorModelTest {
  @TempDir Path folder;

  @Test
  void aPassReadsAllItsLogitsTogether() throws IOException {
    Path base = SmallLlama.write(folder.resolve("base"), 1);
    try (var model = new TensorModel(Families.open(base, Precision.FP32));
        var one = model.begin(new int[0], Optional.empty(), 64);
        var other = model.begin(new int[0], Optional.empty(), 64)) {
      List<Integer> read = new ArrayList<>();
      long before = Device.hostReads();
      model.run(
          pass(one, other),
          (index, logits) -> {
            assertEquals(SmallLlama.VOCABULARY, logits.length);
            read.add(index);
          });
      assertEquals(1, Device.hostReads() - before);
      assertEquals(List.of(0, 1), read);
    }
  }

  /// Tensors without values cannot be read, nor mixed with those of the host: all that a pass asks
  /// the host for is its logits.
  @Test
  void aPassGoesThroughOnTensorsWithoutValues() throws IOException {
    Path base = SmallLlama.write(folder.resolve("base"), 1);
    Device.use(DeviceClass.META);
    try (var model = new TensorModel(Families.open(base, Precision.BF16));
        var one = model.begin(new int[0], Optional.empty(), 64);
        var other = model.begin(new int[0], Optional.empty(), 64)) {
      var logits = assertThrows(RuntimeException.class, () -> run(model, pass(one, other)));
      assertTrue(logits.toString().contains("no data"), logits.toString());
      assertEquals(3, one.length(), "the layers are done when the logits are read");
      // Prompts in pieces: the second piece looks back, under a mask.
      run(model, List.of(new Rows<>(one, Optional.empty(), new int[] {4, 5}, false)));
      assertEquals(5, one.length());
    } finally {
      Device.use(DeviceClass.CPU);
    }
  }

  private static void run(TensorModel model, List<Rows<KeyValueCache, TensorModel.Adapter>> pass) {
    model.run(pass, (_, _) -> {});
  }

  private static List<Rows<KeyValueCache, TensorModel.Adapter>> pass(
      KeyValueCache one, KeyValueCache other) {
    return List.of(
        new Rows<>(one, Optional.empty(), new int[] {1, 2, 3}, true),
        new Rows<>(other, Optional.empty(), new int[] {4}, true));
  }
}
