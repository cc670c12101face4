package dev.luthier.engine.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The shape of a decoder, read from `config.json` of its base folder (Hugging Face's keys).
public record ModelConfig(
    String modelType,
    int hiddenSize,
    int intermediateSize,
    int layers,
    int heads,
    int kvHeads,
    int headDim,
    int vocabularySize,
    double rmsNormEpsilon,
    double ropeTheta,
    int maxPositions,
    boolean tiedEmbeddings) {
  private static final int SIZE_MAX = 1 << 24;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  public ModelConfig {
    check("hidden_size", hiddenSize);
    check("intermediate_size", intermediateSize);
    check("num_hidden_layers", layers);
    check("num_attention_heads", heads);
    check("num_key_value_heads", kvHeads);
    check("head_dim", headDim);
    check("vocab_size", vocabularySize);
    check("max_position_embeddings", maxPositions);
    if (heads % kvHeads != 0) {
      throw new ModelException(
          "num_attention_heads %d is not a multiple of num_key_value_heads %d"
              .formatted(heads, kvHeads));
    }
    if (headDim % 2 != 0) {
      throw new ModelException(
          "head_dim %d is odd; rotary positions turn pairs".formatted(headDim));
    }
  }

  private static void check(String key, int value) {
    if (value < 1 || value > SIZE_MAX) {
      throw new ModelException("%s is %d; it must be 1 to %d".formatted(key, value, SIZE_MAX));
    }
  }

  public int inFeatures(LinearName name) {
    return switch (name) {
      case Q_PROJ, K_PROJ, V_PROJ, GATE_PROJ, UP_PROJ -> hiddenSize;
      case O_PROJ -> heads * headDim;
      case DOWN_PROJ -> intermediateSize;
    };
  }

  public int outFeatures(LinearName name) {
    return switch (name) {
      case Q_PROJ -> heads * headDim;
      case K_PROJ, V_PROJ -> kvHeads * headDim;
      case O_PROJ, DOWN_PROJ -> hiddenSize;
      case GATE_PROJ, UP_PROJ -> intermediateSize;
    };
  }

  public static ModelConfig read(Path baseFolder) throws IOException {
    var file = baseFolder.resolve("config.json");
    try {
      return parse(JSON.readTree(Files.readAllBytes(file)));
    } catch (JacksonException | ModelException e) {
      throw new ModelException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static ModelConfig parse(JsonNode json) {
    refuseUnsupported(json);
    int hidden = whole(json, "hidden_size");
    int heads = whole(json, "num_attention_heads");
    return new ModelConfig(
        json.path("model_type").asString(""),
        hidden,
        whole(json, "intermediate_size"),
        whole(json, "num_hidden_layers"),
        heads,
        json.hasNonNull("num_key_value_heads") ? whole(json, "num_key_value_heads") : heads,
        json.hasNonNull("head_dim") ? whole(json, "head_dim") : hidden / heads,
        whole(json, "vocab_size"),
        json.path("rms_norm_eps").asDouble(1e-6),
        ropeTheta(json),
        whole(json, "max_position_embeddings"),
        json.path("tie_word_embeddings").asBoolean(false));
  }

  /// Older files keep `rope_theta` at the top, newer ones inside `rope_parameters`.
  private static double ropeTheta(JsonNode json) {
    var nested = json.path("rope_parameters").path("rope_theta");
    return nested.isNumber() ? nested.asDouble() : json.path("rope_theta").asDouble(10_000);
  }

  private static void refuseUnsupported(JsonNode json) {
    for (var key : new String[] {"rope_scaling", "rope_parameters"}) {
      var scaling = json.path(key);
      var type = scaling.path("rope_type").asString(scaling.path("type").asString("default"));
      if (!type.equals("default")) {
        throw new ModelException(
            "%s of type '%s' is not supported; only unscaled rotary positions are"
                .formatted(key, type));
      }
    }
    for (var key : new String[] {"attention_bias", "mlp_bias"}) {
      if (json.path(key).asBoolean(false)) {
        throw new ModelException(
            "%s is true; linears with a bias are not supported".formatted(key));
      }
    }
    var activation = json.path("hidden_act").asString("silu");
    if (!activation.equals("silu")) {
      throw new ModelException(
          "hidden_act '%s' is not supported; only silu is".formatted(activation));
    }
  }

  private static int whole(JsonNode json, String key) {
    var node = json.path(key);
    if (!node.isInt()) {
      throw new ModelException("%s is missing or not a whole number".formatted(key));
    }
    return node.asInt();
  }
}
