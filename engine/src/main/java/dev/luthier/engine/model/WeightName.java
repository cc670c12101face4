package dev.luthier.engine.model;

/// The names under which Hugging Face keeps a decoder's weights; a linear's is its path's and
/// `.weight`.
public final class WeightName {
  public static final String EMBEDDING = "model.embed_tokens.weight";
  public static final String FINAL_NORM = "model.norm.weight";
  public static final String HEAD = "lm_head.weight";

  private WeightName() {}

  public static String attentionNorm(int layer) {
    return "model.layers.%d.input_layernorm.weight".formatted(layer);
  }

  public static String mlpNorm(int layer) {
    return "model.layers.%d.post_attention_layernorm.weight".formatted(layer);
  }

  public static String of(int layer, LinearName name) {
    return name.path(layer) + ".weight";
  }
}
