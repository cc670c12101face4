package dev.luthier.engine.weights;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A llama-family model in a GGUF file, read as Hugging Face names and lays it out.
///
/// llama.cpp's converter stores the rows of the query and key matrices interleaved: of a head with
/// D rows, row 2j + i there is row i D/2 + j here (i = 0, 1). Here they are put back.
final class LlamaGguf {
  private static final int LAYERS_MAX = 1024;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Gguf file;
  private final long layers;
  private final long hidden;
  private final long intermediate;
  private final long heads;
  private final long kvHeads;
  private final long headSize;
  private final long vocabulary;

  private LlamaGguf(Gguf file) {
    GgufMetadata metadata = file.metadata();
    this.file = file;
    this.layers = positive("block_count", LAYERS_MAX);
    this.hidden = positive("embedding_length", 1 << 20);
    this.intermediate = positive("feed_forward_length", 1 << 24);
    this.heads = positive("attention.head_count", 1 << 16);
    this.kvHeads = metadata.whole("llama.attention.head_count_kv").orElse(heads);
    this.headSize = metadata.whole("llama.attention.key_length").orElse(hidden / heads);
    this.vocabulary = file.tensor("token_embd.weight").shape()[0];
    if (kvHeads < 1 || heads % kvHeads != 0) {
      throw fault("%d attention heads cannot share %d key-value heads".formatted(heads, kvHeads));
    }
    long turned = metadata.whole("llama.rope.dimension_count").orElse(headSize);
    if (headSize < 2 || headSize % 2 != 0 || turned != headSize) {
      throw fault(
          "rotary positions turn %d of a head's %d dimensions; all of an even number are needed"
              .formatted(turned, headSize));
    }
  }

  static LlamaGguf of(Gguf file) {
    String architecture = file.metadata().text("general.architecture").orElse("none");
    if (!architecture.equals("llama")) {
      throw new WeightsException(
          file.file(),
          "holds a model of architecture '%s'; only 'llama' can be imported"
              .formatted(architecture));
    }
    String scaling = file.metadata().text("llama.rope.scaling.type").orElse("none");
    if (!scaling.equals("none")) {
      throw new WeightsException(
          file.file(),
          "scales its rotary positions ('%s'), which cannot be imported yet".formatted(scaling));
    }
    return new LlamaGguf(file);
  }

  private boolean tied() {
    return !file.tensors().containsKey("output.weight");
  }

  /// `config.json` as transformers reads it.
  ObjectNode config() {
    GgufMetadata metadata = file.metadata();
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add("LlamaForCausalLM");
    json.put("model_type", "llama");
    json.put("hidden_act", "silu");
    json.put("hidden_size", hidden);
    json.put("intermediate_size", intermediate);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", kvHeads);
    json.put("head_dim", headSize);
    json.put("vocab_size", vocabulary);
    // Kept as the short decimal that was meant (1e-5), not as the float's long expansion.
    json.put("rms_norm_eps", shortDecimal("llama.attention.layer_norm_rms_epsilon", 1e-5));
    json.put("rope_theta", shortDecimal("llama.rope.freq_base", 10_000));
    json.put("max_position_embeddings", positive("context_length", 1 << 24));
    json.put("tie_word_embeddings", tied());
    json.put("attention_bias", false);
    json.put("mlp_bias", false);
    metadata.whole("tokenizer.ggml.bos_token_id").ifPresent(id -> json.put("bos_token_id", id));
    metadata.whole("tokenizer.ggml.eos_token_id").ifPresent(id -> json.put("eos_token_id", id));
    json.put("torch_dtype", "bfloat16");
    return json;
  }

  private double shortDecimal(String key, double otherwise) {
    return file.metadata()
        .fraction(key)
        .map(value -> Double.parseDouble(Float.toString(value.floatValue())))
        .orElse(otherwise);
  }

  /// All tensors in bf16 under Hugging Face's names. Throws when one is missing, has another shape,
  /// or would be lost.
  List<PlannedTensor> tensors() {
    Map<String, PlannedTensor> planned = new LinkedHashMap<>();
    Set<String> rest = new HashSet<>(file.tensors().keySet());
    plan(planned, rest, "token_embd.weight", "model.embed_tokens.weight", vocabulary, hidden);
    plan(planned, rest, "output_norm.weight", "model.norm.weight", hidden);
    if (!tied()) {
      plan(planned, rest, "output.weight", "lm_head.weight", vocabulary, hidden);
    }
    for (int layer = 0; layer < layers; layer++) {
      String from = "blk." + layer + ".";
      String to = "model.layers." + layer + ".";
      plan(planned, rest, from + "attn_norm.weight", to + "input_layernorm.weight", hidden);
      planTurned(planned, rest, from + "attn_q.weight", to + "self_attn.q_proj.weight", heads);
      planTurned(planned, rest, from + "attn_k.weight", to + "self_attn.k_proj.weight", kvHeads);
      plan(
          planned,
          rest,
          from + "attn_v.weight",
          to + "self_attn.v_proj.weight",
          kvHeads * headSize,
          hidden);
      plan(
          planned,
          rest,
          from + "attn_output.weight",
          to + "self_attn.o_proj.weight",
          hidden,
          heads * headSize);
      plan(planned, rest, from + "ffn_norm.weight", to + "post_attention_layernorm.weight", hidden);
      plan(
          planned,
          rest,
          from + "ffn_gate.weight",
          to + "mlp.gate_proj.weight",
          intermediate,
          hidden);
      plan(planned, rest, from + "ffn_up.weight", to + "mlp.up_proj.weight", intermediate, hidden);
      plan(
          planned,
          rest,
          from + "ffn_down.weight",
          to + "mlp.down_proj.weight",
          hidden,
          intermediate);
    }
    if (!rest.isEmpty()) {
      throw fault(
          "tensor %s has no place in a llama model; importing would lose it"
              .formatted(rest.stream().sorted().findFirst().orElseThrow()));
    }
    return new ArrayList<>(planned.values());
  }

  private void plan(
      Map<String, PlannedTensor> planned, Set<String> rest, String from, String to, long... shape) {
    GgufTensor tensor = shaped(from, shape);
    rest.remove(from);
    planned.put(to, new PlannedTensor(to, DType.BF16, shape, tensor::toBf16));
  }

  private void planTurned(
      Map<String, PlannedTensor> planned,
      Set<String> rest,
      String from,
      String to,
      long headCount) {
    GgufTensor tensor = shaped(from, headCount * headSize, hidden);
    rest.remove(from);
    planned.put(
        to,
        new PlannedTensor(
            to,
            DType.BF16,
            tensor.shape(),
            arena -> rowsPutBack(tensor.toBf16(arena), headCount, arena)));
  }

  private MemorySegment rowsPutBack(MemorySegment interleaved, long headCount, Arena arena) {
    MemorySegment out = arena.allocate(interleaved.byteSize(), 64);
    long rowBytes = hidden * Short.BYTES;
    long half = headSize / 2;
    for (long row = 0; row < headCount * headSize; row++) {
      long head = row / headSize;
      long i = row % headSize / half;
      long j = row % headSize % half;
      long source = head * headSize + 2 * j + i;
      MemorySegment.copy(interleaved, source * rowBytes, out, row * rowBytes, rowBytes);
    }
    return out;
  }

  private GgufTensor shaped(String name, long... shape) {
    GgufTensor tensor = file.tensor(name);
    if (!Arrays.equals(tensor.shape(), shape)) {
      throw fault(
          "tensor %s has shape %s, but the metadata ask for %s"
              .formatted(name, Arrays.toString(tensor.shape()), Arrays.toString(shape)));
    }
    return tensor;
  }

  private long positive(String key, long most) {
    long value = file.metadata().needWhole("llama." + key);
    if (value < 1 || value > most) {
      throw fault("llama.%s is %d; 1 to %d are allowed".formatted(key, value, most));
    }
    return value;
  }

  private WeightsException fault(String reason) {
    return new WeightsException(file.file(), reason);
  }
}
