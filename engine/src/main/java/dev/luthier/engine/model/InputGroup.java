package dev.luthier.engine.model;

import java.util.List;

/// Linears of a block that read the same rows. The rows' products with all their A matrices are
/// one, and so is the gradient of the rows: the sum over all their outputs side by side.
public enum InputGroup {
  ATTENTION_IN(LinearName.Q_PROJ, LinearName.K_PROJ, LinearName.V_PROJ),
  ATTENTION_OUT(LinearName.O_PROJ),
  MLP_IN(LinearName.GATE_PROJ, LinearName.UP_PROJ),
  MLP_OUT(LinearName.DOWN_PROJ);

  @SuppressWarnings("ImmutableEnumChecker") // A list of List.of cannot be changed.
  private final List<LinearName> linears;

  InputGroup(LinearName... linears) {
    this.linears = List.of(linears);
  }

  public List<LinearName> linears() {
    return linears;
  }

  public int in(ModelConfig config) {
    return config.inFeatures(linears.getFirst());
  }

  /// Columns of all outputs side by side.
  public int out(ModelConfig config) {
    return linears.stream().mapToInt(config::outFeatures).sum();
  }

  /// The first column of a linear's output among the group's.
  public int column(ModelConfig config, LinearName name) {
    return linears.stream().takeWhile(other -> other != name).mapToInt(config::outFeatures).sum();
  }

  public static InputGroup of(LinearName name) {
    return switch (name) {
      case Q_PROJ, K_PROJ, V_PROJ -> ATTENTION_IN;
      case O_PROJ -> ATTENTION_OUT;
      case GATE_PROJ, UP_PROJ -> MLP_IN;
      case DOWN_PROJ -> MLP_OUT;
    };
  }
}
