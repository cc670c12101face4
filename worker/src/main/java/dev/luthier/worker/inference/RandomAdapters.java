package dev.luthier.worker.inference;

import dev.luthier.engine.infer.AdapterRef;
import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Adapters that were never trained and yet change answers, to measure with.
final class RandomAdapters {
  private static final long STREAM = 0xB;

  /// Below the entries of A, as after some training.
  private static final double B_MAX = 1e-2;

  private RandomAdapters() {}

  /// Writes `count` adapters of the shape that jobs make; the same seed gives the same bits.
  static List<AdapterRef> write(Path base, Path folder, int count, long seed) throws IOException {
    ModelConfig config = ModelConfig.read(base);
    List<AdapterRef> written = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String name = "random-" + i;
      try (var adapter = LoraAdapter.fresh(config, LoraSettings.standard(), seed + i)) {
        fill(adapter, new CounterRandom(seed, STREAM, i));
        PeftFolder.write(folder.resolve(name), adapter, "base");
      }
      written.add(new AdapterRef(name, folder.resolve(name)));
    }
    return written;
  }

  /// B is zero in a fresh adapter, so that it would change nothing.
  private static void fill(LoraAdapter adapter, CounterRandom random) {
    float[] values = adapter.parameters().toFloats();
    for (var slot : adapter.layout().slots()) {
      long end = slot.offsetB() + (long) slot.out() * slot.rank();
      for (long i = slot.offsetB(); i < end; i++) {
        values[(int) i] = (float) ((2 * random.uniform(i) - 1) * B_MAX);
      }
    }
    try (var _ = Scope.open()) {
      adapter.parameters().copyFrom(Tensor.of(values, values.length));
    }
  }
}
