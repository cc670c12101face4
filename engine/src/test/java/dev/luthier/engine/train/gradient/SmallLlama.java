package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A random model with dimensions that matrix units can take, as a base folder.
record SmallLlama(int hidden, int ffn, int heads, int kvHeads, int headDim, int vocabulary) {
  static final int LAYERS = 2;

  Path write(Path folder) throws IOException {
    return write(folder, true);
  }

  Path write(Path folder, boolean tied) throws IOException {
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": %d, "intermediate_size": %d,
         "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
         "head_dim": %d, "vocab_size": %d, "rms_norm_eps": 1e-5, "rope_theta": 10000.0,
         "max_position_embeddings": 512, "tie_word_embeddings": %s}
        """
            .formatted(hidden, ffn, LAYERS, heads, kvHeads, headDim, vocabulary, tied));
    var config = ModelConfig.read(folder);
    try (var arena = Arena.ofConfined()) {
      var tensors = new ArrayList<StoredTensor>();
      tensors.add(random(arena, "model.embed_tokens.weight", 0.2, vocabulary, hidden));
      tensors.add(ones(arena, "model.norm.weight"));
      if (!tied) {
        tensors.add(random(arena, "lm_head.weight", 0.2, vocabulary, hidden));
      }
      for (int layer = 0; layer < LAYERS; layer++) {
        var prefix = "model.layers." + layer + ".";
        tensors.add(ones(arena, prefix + "input_layernorm.weight"));
        tensors.add(ones(arena, prefix + "post_attention_layernorm.weight"));
        for (var name : LinearName.values()) {
          int in = config.inFeatures(name);
          double size = 2 / Math.sqrt(in);
          tensors.add(
              random(arena, name.path(layer) + ".weight", size, config.outFeatures(name), in));
        }
      }
      Safetensors.write(folder.resolve("model.safetensors"), tensors, Map.of());
    }
    return folder;
  }

  private StoredTensor ones(Arena arena, String name) {
    return tensor(arena, name, 0.3, 1, hidden);
  }

  private static StoredTensor random(
      Arena arena, String name, double size, long rows, long columns) {
    return tensor(arena, name, size, 0, rows, columns);
  }

  private static StoredTensor tensor(
      Arena arena, String name, double size, double mean, long... shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    var data = arena.allocate(2 * elements);
    var random = new CounterRandom(7, name.hashCode());
    for (long i = 0; i < elements; i++) {
      float value = (float) (mean + size * (2 * random.uniform(i) - 1));
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(value) >>> 16));
    }
    return new StoredTensor(name, DType.BF16, shape, data);
  }

  /// Sizes that are whole blocks, and sizes that are not.
  static List<SmallLlama> various() {
    return List.of(
        new SmallLlama(64, 128, 2, 1, 32, 300),
        new SmallLlama(96, 160, 3, 3, 32, 130),
        new SmallLlama(128, 192, 4, 2, 64, 2100),
        new SmallLlama(128, 256, 2, 1, 128, 64));
  }
}
