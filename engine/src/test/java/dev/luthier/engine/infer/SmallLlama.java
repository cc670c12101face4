package dev.luthier.engine.infer;

import dev.luthier.engine.lora.LoraAdapter;
import dev.luthier.engine.lora.LoraLayout;
import dev.luthier.engine.lora.LoraSettings;
import dev.luthier.engine.lora.PeftFolder;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A random Llama of dimensions that the packed path takes, written as a base folder, and adapters
/// for it. 3 query heads share a key head, the vocabulary is no multiple of a block.
final class SmallLlama {
  static final int VOCABULARY = 300;
  private static final int HIDDEN = 128;
  private static final int FFN = 192;
  private static final int LAYERS = 3;

  private SmallLlama() {}

  static Path write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": 6, "num_key_value_heads": 2,
         "head_dim": 32, "vocab_size": %d, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
         "max_position_embeddings": 1024, "tie_word_embeddings": true}
        """
            .formatted(HIDDEN, FFN, LAYERS, VOCABULARY));
    ModelConfig config = ModelConfig.read(folder);
    Random random = new Random(seed);
    List<StoredTensor> tensors = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      tensors.add(tensor(arena, random, "model.embed_tokens.weight", 0, 1, VOCABULARY, HIDDEN));
      tensors.add(tensor(arena, random, "model.norm.weight", 1, 0.1, HIDDEN));
      for (int layer = 0; layer < LAYERS; layer++) {
        String prefix = "model.layers." + layer + ".";
        tensors.add(tensor(arena, random, prefix + "input_layernorm.weight", 1, 0.1, HIDDEN));
        tensors.add(
            tensor(arena, random, prefix + "post_attention_layernorm.weight", 1, 0.1, HIDDEN));
        for (LinearName name : LinearName.values()) {
          int in = config.inFeatures(name);
          double deviation = 1 / Math.sqrt(in);
          tensors.add(
              tensor(
                  arena,
                  random,
                  name.path(layer) + ".weight",
                  0,
                  deviation,
                  config.outFeatures(name),
                  in));
        }
      }
      Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }
    return folder;
  }

  private static StoredTensor tensor(
      Arena arena, Random random, String name, double mean, double deviation, long... shape) {
    long count = 1;
    for (long size : shape) {
      count *= size;
    }
    var data = arena.allocate(count * Short.BYTES, 64);
    for (long i = 0; i < count; i++) {
      int bits = Float.floatToIntBits((float) (mean + deviation * random.nextGaussian()));
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
    }
    return new StoredTensor(name, DType.BF16, shape, data);
  }

  /// An adapter of a size that changes answers.
  static AdapterRef adapter(Path base, Path folder, long seed, int rank, Set<LinearName> targets)
      throws IOException {
    var settings = new LoraSettings(rank, 2.0 * rank, 0, targets);
    try (var adapter = LoraAdapter.blank(LoraLayout.of(ModelConfig.read(base), settings))) {
      var memory = adapter.parameters().memory();
      Random random = new Random(seed);
      for (long i = 0; i < memory.byteSize() / Float.BYTES; i++) {
        memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (0.07 * random.nextGaussian()));
      }
      PeftFolder.write(folder, adapter, "small");
    }
    return new AdapterRef(folder.getFileName().toString(), folder);
  }

  static Set<LinearName> all() {
    return EnumSet.allOf(LinearName.class);
  }
}
