package dev.luthier.engine.lora;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.ModelConfig;
import dev.luthier.engine.model.ModelException;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.weights.Safetensors;
import dev.luthier.engine.weights.StoredTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// An adapter in the folder layout of Hugging Face PEFT: `adapter_config.json` and
/// `adapter_model.safetensors` with fp32 matrices.
public final class PeftFolder {
  public static final String CONFIG = "adapter_config.json";
  public static final String WEIGHTS = "adapter_model.safetensors";
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private PeftFolder() {}

  /// Writes both files, the configuration last. `baseName` is what PEFT notes as the base model.
  public static void write(Path folder, LoraAdapter adapter, String baseName) throws IOException {
    Files.createDirectories(folder);
    try (var _ = Scope.open()) {
      var weights = adapter.weightsOf(adapter.parameters().onHost());
      var tensors = new ArrayList<StoredTensor>();
      for (var pair : weights.pairs()) {
        tensors.add(pair.a().stored(pair.slot().key("A")));
        tensors.add(pair.b().stored(pair.slot().key("B")));
      }
      Safetensors.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
    }
    Files.write(folder.resolve(CONFIG), configuration(adapter.settings(), baseName));
  }

  private static byte[] configuration(LoraSettings settings, String baseName) {
    var json = JSON.createObjectNode();
    json.put("peft_type", "LORA");
    json.put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", baseName);
    json.put("r", settings.rank());
    json.put("lora_alpha", settings.alpha());
    json.put("lora_dropout", settings.dropout());
    json.put("bias", "none");
    json.put("use_rslora", false);
    json.put("use_dora", false);
    json.put("fan_in_fan_out", false);
    json.put("init_lora_weights", true);
    json.put("inference_mode", true);
    var targets = json.putArray("target_modules");
    for (var name : LinearName.values()) {
      if (settings.targets().contains(name)) {
        targets.add(name.shortName());
      }
    }
    return JSON.writeValueAsBytes(json);
  }

  /// Reads an adapter for a base of this shape. Throws [ModelException] where it does not fit.
  public static LoraAdapter read(Path folder, ModelConfig config) throws IOException {
    var layout = LoraLayout.of(config, settings(folder.resolve(CONFIG)));
    var adapter = LoraAdapter.blank(layout);
    try (var file = Safetensors.map(folder.resolve(WEIGHTS));
        var _ = Scope.open()) {
      for (var pair : adapter.weightsOf(adapter.parameters()).pairs()) {
        load(file, pair.slot().key("A"), pair.a());
        load(file, pair.slot().key("B"), pair.b());
      }
      if (file.tensors().size() != 2 * layout.slots().size()) {
        throw new ModelException(
            "%s holds %d tensors, but its configuration names %d"
                .formatted(file.file(), file.tensors().size(), 2 * layout.slots().size()));
      }
      return adapter;
    } catch (IOException | RuntimeException e) {
      adapter.close();
      throw e;
    }
  }

  private static void load(Safetensors file, String key, Tensor target) {
    var stored = file.tensor(key);
    if (!java.util.Arrays.equals(stored.shape(), target.shape())) {
      throw new ModelException(
          "%s: %s does not fit the base, which needs %s".formatted(file.file(), stored, target));
    }
    target.copyFrom(Tensor.mapped(stored));
  }

  private static LoraSettings settings(Path file) throws IOException {
    try {
      var json = JSON.readTree(Files.readAllBytes(file));
      refuseUnsupported(json);
      return new LoraSettings(
          json.path("r").asInt(),
          json.path("lora_alpha").asDouble(),
          json.path("lora_dropout").asDouble(0),
          targets(json.path("target_modules")));
    } catch (JacksonException | IllegalArgumentException | ModelException e) {
      throw new ModelException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Set<LinearName> targets(JsonNode list) {
    if (!list.isArray()) {
      throw new ModelException("target_modules is not a list of linears");
    }
    var targets = EnumSet.noneOf(LinearName.class);
    list.forEach(name -> targets.add(LinearName.of(name.asString())));
    return targets;
  }

  private static void refuseUnsupported(JsonNode json) {
    if (!json.path("peft_type").asString("").equals("LORA")) {
      throw new ModelException("peft_type is not LORA");
    }
    for (var key : new String[] {"use_rslora", "use_dora", "fan_in_fan_out"}) {
      if (json.path(key).asBoolean(false)) {
        throw new ModelException("%s is true, which is not supported".formatted(key));
      }
    }
    if (!json.path("bias").asString("none").equals("none")) {
      throw new ModelException("adapters with a bias are not supported");
    }
  }
}
