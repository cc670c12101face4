package dev.luthier.engine.infer;

import dev.luthier.engine.lora.LoraWeights;
import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.model.Projection;
import dev.luthier.engine.nn.Linear;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.List;

/// Linears of one pass over rows with different adapters: the base is multiplied once for all rows,
/// each adapter's low-rank part is added to its own rows.
record BatchProjection(List<Group> groups) implements Projection {
  /// Rows [start, start + rows) of the pass use this adapter; rows in no group use the base alone.
  record Group(LoraWeights adapter, int start, int rows) {}

  BatchProjection {
    groups = List.copyOf(groups);
  }

  @Override
  public Tensor project(int layer, LinearName name, Linear linear, Tensor x) {
    try (Scope scope = Scope.open()) {
      Tensor y = linear.forward(x);
      for (Group group : groups) {
        group
            .adapter()
            .at(layer, name)
            .ifPresent(pair -> {
              Tensor low = x.narrow(0, group.start(), group.rows()).linear(pair.a()); // (n, r)
              y.narrow(0, group.start(), group.rows())
                  .addMatmulInPlace(low, pair.b().transpose(0, 1), 1, group.adapter().scale());
            });
      }
      return scope.keep(y);
    }
  }
}
