package dev.luthier.engine.model.llama;

import dev.luthier.engine.model.AttentionStep;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.nn.RmsNorm;
import dev.luthier.engine.nn.Rotary;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.Map;

/// One block: attention and a gated MLP (SwiGLU), each behind a norm and added to the residual
/// stream.
public record LlamaLayer(
    int index, RmsNorm attentionNorm, RmsNorm mlpNorm, Map<LinearName, Linear> linears) {
  public LlamaLayer {
    linears = Map.copyOf(linears);
  }

  public Linear linear(LinearName name) {
    var linear = linears.get(name);
    if (linear == null) {
      throw new IllegalStateException("layer %d has no linear %s".formatted(index, name));
    }
    return linear;
  }

  /// x [N,h] -> [N,h]
  Tensor forward(Tensor x, Rotary.Angles angles, Projection projection, AttentionStep attention) {
    try (var scope = Scope.open()) {
      var a = attentionNorm.forward(x);
      var q = angles.turn(project(projection, LinearName.Q_PROJ, a)); // (N, H*D)
      var k = angles.turn(project(projection, LinearName.K_PROJ, a)); // (N, KV*D)
      var v = project(projection, LinearName.V_PROJ, a);
      var attended = attention.attend(index, q, k, v); // (N, H*D)
      var middle = x.add(project(projection, LinearName.O_PROJ, attended));

      var m = mlpNorm.forward(middle);
      var gate = project(projection, LinearName.GATE_PROJ, m); // (N, f)
      var up = project(projection, LinearName.UP_PROJ, m);
      var down = project(projection, LinearName.DOWN_PROJ, gate.silu().mul(up));
      return scope.keep(middle.add(down));
    }
  }

  private Tensor project(Projection projection, LinearName name, Tensor x) {
    return projection.project(index, name, linear(name), x);
  }
}
