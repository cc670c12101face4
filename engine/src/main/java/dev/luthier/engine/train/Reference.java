package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Scope;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import java.util.function.Supplier;

/// The model as a run began with it, before any step: what objectives hold a model near to. For a
/// fresh adapter that is the base, for a parent's the parent.
///
/// It is the masters' own numbers, put back for as long as something is computed with them; so it
/// costs one more copy of what is trained, and no second model. Belongs to the run's thread.
final class Reference implements AutoCloseable {
  private final Scope owner = Scope.detached();
  private final Tensor masters;
  private final Tensor beginning;
  private final GradientSource source;

  /// To be made before a resume state is read.
  Reference(Tensor masters, GradientSource source) {
    this.masters = masters;
    this.source = source;
    try (var _ = Scope.open()) {
      this.beginning = copy(masters).moveTo(owner);
    }
  }

  private static Tensor copy(Tensor numbers) {
    return Tensor.zeros(numbers.type(), numbers.elements()).copyFrom(numbers);
  }

  /// What `work` computes with the source's model as it was at the beginning.
  <T> T with(Supplier<T> work) {
    try (var _ = Scope.open()) {
      var now = copy(masters);
      put(beginning);
      try {
        return work.get();
      } finally {
        put(now);
      }
    }
  }

  private void put(Tensor numbers) {
    masters.copyFrom(numbers);
    source.parametersChanged();
  }

  @Override
  public void close() {
    owner.close();
  }
}
