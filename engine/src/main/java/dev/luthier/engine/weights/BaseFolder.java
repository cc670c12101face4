package dev.luthier.engine.weights;

import dev.luthier.text.tokenizer.GgufTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A base model's folder (weights, configuration, tokenizer, template, and `base.json` last):
/// written once by an import, mapped by every trainer and inference process after that.
public final class BaseFolder {
  public static final String WEIGHTS = "model.safetensors";
  public static final String CONFIG = "config.json";
  public static final String TOKENIZER = "tokenizer.json";
  public static final String TEMPLATE = "chat_template.jinja";
  public static final String DESCRIPTION = "base.json";

  private static final List<String> FILES = List.of(WEIGHTS, CONFIG, TOKENIZER, TEMPLATE);
  private static final long DESCRIPTION_BYTES_MAX = 1 << 20;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private BaseFolder() {}

  /// Imports a GGUF file of a llama-family model: dequantised to bf16 under Hugging Face's names.
  /// The target appears whole or not at all; a complete target that is there already is refused.
  public static void importGguf(
      Path gguf, Path targetFolder, BaseDescription description, Progress progress)
      throws IOException {
    try (Gguf file = Gguf.map(gguf);
        BaseStaging staging = BaseStaging.open(targetFolder)) {
      LlamaGguf llama = LlamaGguf.of(file);
      staging.write(CONFIG, llama.config());
      staging.write(TOKENIZER, tokenizer(file));
      staging.write(TEMPLATE, template(file));
      staging.write(llama.tensors(), progress);
      staging.publish(description, FILES);
    }
  }

  /// Imports a Hugging Face folder: `model.safetensors` or a sharded index in F32, F16 or BF16,
  /// `config.json`, `tokenizer.json`, and a template beside them or in `tokenizer_config.json`.
  public static void importSafetensors(
      Path folder, Path targetFolder, BaseDescription description, Progress progress)
      throws IOException {
    try (HuggingFaceFolder source = HuggingFaceFolder.open(folder);
        BaseStaging staging = BaseStaging.open(targetFolder)) {
      staging.write(CONFIG, source.config());
      staging.write(TOKENIZER, source.tokenizer());
      staging.write(TEMPLATE, source.template());
      staging.write(source.tensors(), progress);
      staging.publish(description, FILES);
    }
  }

  /// Whether an import into this folder was completed; its bytes are not compared.
  public static boolean isComplete(Path folder) {
    return Files.isRegularFile(folder.resolve(DESCRIPTION));
  }

  /// What a complete folder says of itself; its bytes are not compared.
  public static BaseDescription describe(Path folder) throws IOException {
    return described(description(folder));
  }

  private static BaseDescription described(JsonNode json) {
    return new BaseDescription(
        json.path("id").asString(""),
        json.path("family").asString(""),
        json.path("licence").asString(""),
        json.path("source").asString(""));
  }

  /// Compares every file with the sha256 in `base.json` and returns what the folder says of itself.
  /// Throws [WeightsException] naming the first file that is missing or differs.
  public static BaseDescription verify(Path folder) throws IOException {
    JsonNode json = description(folder);
    for (String name : FILES) {
      Path file = folder.resolve(name);
      String expected = json.path("files").path(name).asString("");
      if (!Files.isRegularFile(file)) {
        throw new WeightsException(file, "is missing; import the base again");
      }
      String found = Sha256.of(file);
      if (!found.equals(expected)) {
        throw new WeightsException(
            file,
            "has sha256 %s, but base.json says %s; import the base again"
                .formatted(found, expected));
      }
    }
    return described(json);
  }

  /// The sha256 of each file as `base.json` lists them.
  public static Map<String, String> checksums(Path folder) throws IOException {
    Map<String, String> checksums = new LinkedHashMap<>();
    JsonNode files = description(folder).path("files");
    files
        .properties()
        .forEach(entry -> checksums.put(entry.getKey(), entry.getValue().asString("")));
    return checksums;
  }

  private static JsonNode description(Path folder) throws IOException {
    Path file = folder.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file)) {
      throw new WeightsException(folder, "is not a complete base: it has no " + DESCRIPTION);
    }
    if (Files.size(file) > DESCRIPTION_BYTES_MAX) {
      throw new WeightsException(file, "is larger than " + DESCRIPTION_BYTES_MAX + " bytes");
    }
    try {
      return JSON.readTree(Files.readAllBytes(file));
    } catch (JacksonException e) {
      throw new WeightsException(file, "is not valid JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static String tokenizer(Gguf file) {
    GgufMetadata metadata = file.metadata();
    String model = metadata.text("tokenizer.ggml.model").orElse("none");
    if (!model.equals("gpt2")) {
      throw new WeightsException(
          file.file(),
          "has a tokenizer of kind '%s'; only byte-level BPE ('gpt2') can be rebuilt"
              .formatted(model));
    }
    List<String> tokens = need(file, "tokenizer.ggml.tokens");
    int[] types =
        Arrays.stream(metadata.wholes("tokenizer.ggml.token_type").orElse(new long[0]))
            .mapToInt(Math::toIntExact)
            .toArray();
    return GgufTokenizer.tokenizerJson(
        tokens,
        need(file, "tokenizer.ggml.merges"),
        types,
        metadata.text("tokenizer.ggml.pre").orElse("default"));
  }

  private static List<String> need(Gguf file, String key) {
    return file.metadata()
        .texts(key)
        .orElseThrow(() -> new WeightsException(file.file(), "metadata lack " + key));
  }

  private static String template(Gguf file) {
    return file.metadata()
        .text("tokenizer.chat_template")
        .orElseThrow(() ->
            new WeightsException(
                file.file(),
                "carries no chat template, so it cannot chat; take an instruct model"));
  }
}
