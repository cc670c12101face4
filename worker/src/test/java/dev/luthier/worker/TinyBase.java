package dev.luthier.worker;

import dev.luthier.engine.weights.DType;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// A base folder of two random layers around the text module's tiny tokenizer and template.
public final class TinyBase {
  private static final int VOCABULARY = 1000;
  private static final int HIDDEN = 32;
  private static final int FEED_FORWARD = 48;
  private static final int KEY_VALUE = 16;

  private TinyBase() {}

  /// Writes the folder; the same seed gives the same weights.
  public static Path write(Path folder, long seed) throws IOException {
    Files.createDirectories(folder);
    Path text = Path.of("../text/src/test/resources/tiny-base");
    for (String name : List.of("tokenizer.json", "chat_template.jinja")) {
      Files.copy(text.resolve(name), folder.resolve(name));
    }
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "llama", "hidden_size": 32, "intermediate_size": 48,
         "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
         "head_dim": 8, "vocab_size": 1000, "rms_norm_eps": 1e-5, "rope_theta": 10000,
         "max_position_embeddings": 128, "tie_word_embeddings": true, "hidden_act": "silu",
         "bos_token_id": 1, "eos_token_id": 0}
        """);
    try (Arena arena = Arena.ofConfined()) {
      Safetensors.write(
          folder.resolve("model.safetensors"), tensors(arena, new Random(seed)), Map.of());
    }
    return folder;
  }

  private static List<StoredTensor> tensors(Arena arena, Random random) {
    List<StoredTensor> tensors = new ArrayList<>();
    tensors.add(matrix(arena, random, "model.embed_tokens.weight", VOCABULARY, HIDDEN));
    tensors.add(ones(arena, "model.norm.weight"));
    for (int layer = 0; layer < 2; layer++) {
      String at = "model.layers." + layer + ".";
      tensors.add(ones(arena, at + "input_layernorm.weight"));
      tensors.add(ones(arena, at + "post_attention_layernorm.weight"));
      tensors.add(matrix(arena, random, at + "self_attn.q_proj.weight", HIDDEN, HIDDEN));
      tensors.add(matrix(arena, random, at + "self_attn.k_proj.weight", KEY_VALUE, HIDDEN));
      tensors.add(matrix(arena, random, at + "self_attn.v_proj.weight", KEY_VALUE, HIDDEN));
      tensors.add(matrix(arena, random, at + "self_attn.o_proj.weight", HIDDEN, HIDDEN));
      tensors.add(matrix(arena, random, at + "mlp.gate_proj.weight", FEED_FORWARD, HIDDEN));
      tensors.add(matrix(arena, random, at + "mlp.up_proj.weight", FEED_FORWARD, HIDDEN));
      tensors.add(matrix(arena, random, at + "mlp.down_proj.weight", HIDDEN, FEED_FORWARD));
    }
    return tensors;
  }

  private static StoredTensor matrix(Arena arena, Random random, String name, int out, int in) {
    MemorySegment data = arena.allocate(2L * out * in, 64);
    for (long i = 0; i < (long) out * in; i++) {
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, bf16((float) random.nextGaussian() * 0.1f));
    }
    return new StoredTensor(name, DType.BF16, new long[] {out, in}, data);
  }

  private static StoredTensor ones(Arena arena, String name) {
    MemorySegment data = arena.allocate(2L * HIDDEN, 64);
    for (int i = 0; i < HIDDEN; i++) {
      data.setAtIndex(ValueLayout.JAVA_SHORT, i, bf16(1));
    }
    return new StoredTensor(name, DType.BF16, new long[] {HIDDEN}, data);
  }

  private static short bf16(float value) {
    return (short) (Float.floatToRawIntBits(value) >>> 16);
  }
}
