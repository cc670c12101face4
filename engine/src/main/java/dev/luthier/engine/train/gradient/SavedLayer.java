package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.nn.PackAttention;
import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a layer's backward needs of its forward, in a scope of its own.
final class SavedLayer implements AutoCloseable {
  /// What a linear's adapter saw and made of it: input [N,in] after dropout, that times A^T [N,r],
  /// and the dropout mask where one was applied.
  record SavedLinear(Tensor x, Tensor low, @Nullable Tensor mask) {}

  enum Kept {
    INPUT_RMS,
    Q,
    K,
    V,
    MIDDLE,
    MIDDLE_RMS,
    GATE,
    UP,
    OUTPUT
  }

  final Scope scope = Scope.detached();
  final Map<LinearName, SavedLinear> linears = new EnumMap<>(LinearName.class);
  final Map<Kept, Tensor> kept = new EnumMap<>(Kept.class);
  private PackAttention.@Nullable Attended attended;

  Tensor keep(Kept name, Tensor tensor) {
    kept.put(name, tensor.moveTo(scope));
    return tensor;
  }

  /// Keeps what attention wants back, and gives its rows.
  Tensor keep(PackAttention.Attended result) {
    attended = result;
    result.kept().forEach(tensor -> tensor.moveTo(scope));
    return result.rows().moveTo(scope);
  }

  PackAttention.Attended attended() {
    return Objects.requireNonNull(attended);
  }

  SavedLinear linear(LinearName name) {
    return Objects.requireNonNull(linears.get(name));
  }

  Tensor get(Kept name) {
    return Objects.requireNonNull(kept.get(name));
  }

  @Override
  public void close() {
    scope.close();
  }
}
