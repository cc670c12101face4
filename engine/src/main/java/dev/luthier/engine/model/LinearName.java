package dev.luthier.engine.model;

import java.util.Arrays;

/// The linears of a transformer block that an adapter can attach to, under Hugging Face's names.
public enum LinearName {
  Q_PROJ("self_attn", "q_proj"),
  K_PROJ("self_attn", "k_proj"),
  V_PROJ("self_attn", "v_proj"),
  O_PROJ("self_attn", "o_proj"),
  GATE_PROJ("mlp", "gate_proj"),
  UP_PROJ("mlp", "up_proj"),
  DOWN_PROJ("mlp", "down_proj");

  private final String block;
  private final String shortName;

  LinearName(String block, String shortName) {
    this.block = block;
    this.shortName = shortName;
  }

  /// As adapter_config.json lists it: `q_proj`.
  public String shortName() {
    return shortName;
  }

  /// As weight names hold it: `model.layers.3.self_attn.q_proj`.
  public String path(int layer) {
    return "model.layers.%d.%s.%s".formatted(layer, block, shortName);
  }

  public static LinearName of(String shortName) {
    return Arrays.stream(values())
        .filter(name -> name.shortName.equals(shortName))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "no linear is called '%s'; there are %s"
                    .formatted(
                        shortName, Arrays.stream(values()).map(LinearName::shortName).toList())));
  }
}
