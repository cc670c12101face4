package dev.luthier.engine.weights;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A model as Hugging Face's hub lays it out, opened to be copied into a base folder.
final class HuggingFaceFolder implements AutoCloseable {
  private static final String INDEX = "model.safetensors.index.json";
  private static final long TEXT_BYTES_MAX = 64L << 20;
  private static final int SHARDS_MAX = 1024;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Path folder;
  private final List<Safetensors> shards = new ArrayList<>();

  private HuggingFaceFolder(Path folder) {
    this.folder = folder;
  }

  static HuggingFaceFolder open(Path folder) throws IOException {
    HuggingFaceFolder opened = new HuggingFaceFolder(folder);
    try {
      for (String name : opened.shardNames()) {
        opened.shards.add(Safetensors.map(folder.resolve(name)));
      }
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private Set<String> shardNames() throws IOException {
    if (Files.isRegularFile(folder.resolve(BaseFolder.WEIGHTS))) {
      return Set.of(BaseFolder.WEIGHTS);
    }
    if (!Files.isRegularFile(folder.resolve(INDEX))) {
      throw new WeightsException(
          folder, "has neither %s nor %s".formatted(BaseFolder.WEIGHTS, INDEX));
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode name : json(INDEX).path("weight_map")) {
      // The index comes from outside: only plain names of files beside it.
      if (!name.isString() || !name.stringValue().matches("[A-Za-z0-9._-]{1,200}\\.safetensors")) {
        throw new WeightsException(
            folder.resolve(INDEX),
            "names the shard %s, which is no plain file name".formatted(name));
      }
      names.add(name.stringValue());
      if (names.size() > SHARDS_MAX) {
        throw new WeightsException(
            folder.resolve(INDEX), "names more than %d shards".formatted(SHARDS_MAX));
      }
    }
    if (names.isEmpty()) {
      throw new WeightsException(folder.resolve(INDEX), "names no shards");
    }
    return names;
  }

  /// `config.json` with what it leaves to defaults written out, and the type that the weights will
  /// have.
  ObjectNode config() throws IOException {
    if (!(json(BaseFolder.CONFIG) instanceof ObjectNode json)) {
      throw new WeightsException(folder.resolve(BaseFolder.CONFIG), "is not a JSON object");
    }
    long heads = json.path("num_attention_heads").asLong(0);
    if (!json.hasNonNull("num_key_value_heads")) {
      json.put("num_key_value_heads", heads);
    }
    if (!json.hasNonNull("head_dim") && heads > 0) {
      json.put("head_dim", json.path("hidden_size").asLong(0) / heads);
    }
    if (!json.hasNonNull("rope_theta")) {
      json.put("rope_theta", json.path("rope_parameters").path("rope_theta").asDouble(10_000));
    }
    if (!json.hasNonNull("tie_word_embeddings")) {
      json.put("tie_word_embeddings", false);
    }
    json.remove("dtype"); // The newer name of the same key.
    json.put("torch_dtype", "bfloat16");
    return json;
  }

  String tokenizer() throws IOException {
    return text(BaseFolder.TOKENIZER);
  }

  /// `chat_template.jinja`, or the text (the one named `default` of several) in
  /// `tokenizer_config.json`.
  String template() throws IOException {
    if (Files.isRegularFile(folder.resolve(BaseFolder.TEMPLATE))) {
      return text(BaseFolder.TEMPLATE);
    }
    if (Files.isRegularFile(folder.resolve("tokenizer_config.json"))) {
      JsonNode template = json("tokenizer_config.json").path("chat_template");
      if (template.isString()) {
        return template.stringValue();
      }
      for (JsonNode named : template) {
        if (named.path("name").asString("").equals("default")) {
          return named.path("template").asString("");
        }
      }
    }
    throw new WeightsException(
        folder,
        "has no chat template, so it cannot chat; put a %s beside its weights"
            .formatted(BaseFolder.TEMPLATE));
  }

  /// All tensors in bf16; of tied embeddings only the input side.
  List<PlannedTensor> tensors() throws IOException {
    boolean tied = config().path("tie_word_embeddings").asBoolean(false);
    Map<String, PlannedTensor> planned = new LinkedHashMap<>();
    for (Safetensors shard : shards) {
      for (StoredTensor tensor : shard.tensors().values()) {
        if (tied && tensor.name().equals("lm_head.weight")) {
          continue;
        }
        if (planned.put(tensor.name(), planned(shard, tensor)) != null) {
          throw new WeightsException(
              shard.file(), "repeats tensor %s of another shard".formatted(tensor.name()));
        }
      }
    }
    return new ArrayList<>(planned.values());
  }

  private static PlannedTensor planned(Safetensors shard, StoredTensor tensor) {
    PlannedTensor.Content content =
        switch (tensor.type()) {
          case BF16 -> _ -> tensor.data();
          case F16 -> arena -> fromF16(tensor.data(), arena);
          case F32 -> arena -> fromF32(tensor.data(), arena);
          default ->
              throw new WeightsException(
                  shard.file(),
                  "tensor %s has type %s; F32, F16 and BF16 can be imported"
                      .formatted(tensor.name(), tensor.type()));
        };
    return new PlannedTensor(tensor.name(), DType.BF16, tensor.shape(), content);
  }

  private static MemorySegment fromF16(MemorySegment data, Arena arena) {
    MemorySegment out = arena.allocate(data.byteSize(), 64);
    for (long at = 0; at < data.byteSize(); at += Short.BYTES) {
      out.set(SHORT, at, Bf16.of(Float.float16ToFloat(data.get(SHORT, at))));
    }
    return out;
  }

  private static MemorySegment fromF32(MemorySegment data, Arena arena) {
    MemorySegment out = arena.allocate(data.byteSize() / 2, 64);
    for (long at = 0; at < data.byteSize(); at += Float.BYTES) {
      out.set(SHORT, at / 2, Bf16.of(data.get(FLOAT, at)));
    }
    return out;
  }

  private JsonNode json(String name) throws IOException {
    try {
      return JSON.readTree(text(name));
    } catch (JacksonException e) {
      throw new WeightsException(
          folder.resolve(name), "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  private String text(String name) throws IOException {
    Path file = folder.resolve(name);
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(folder, "has no " + name);
    }
    if (Files.size(file) > TEXT_BYTES_MAX) {
      throw new WeightsException(
          file,
          "is %d bytes long; at most %d are read".formatted(Files.size(file), TEXT_BYTES_MAX));
    }
    return Files.readString(file);
  }

  @Override
  public void close() {
    shards.forEach(Safetensors::close);
  }
}
