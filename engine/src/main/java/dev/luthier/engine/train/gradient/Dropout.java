package dev.luthier.engine.train.gradient;

import dev.luthier.engine.model.LinearName;
import dev.luthier.engine.tensor.CounterRandom;
import dev.luthier.engine.tensor.Tensor;

/// Dropout on an adapter's inputs: which elements fall is a function of (seed, key, layer, linear),
/// so that a run that goes on after a crash drops what it would have dropped.
record Dropout(double probability, long seed) {
  private static final long STREAM = 3;

  boolean active() {
    return probability > 0;
  }

  /// 0 where an element falls, 1 / (1 - probability) elsewhere: [rows,columns] in the type of
  /// `like`.
  Tensor mask(long key, int layer, LinearName name, Tensor like) {
    var random = new CounterRandom(seed, STREAM, key, layer, name.shortName().hashCode());
    var values = new float[Math.toIntExact(like.elements())];
    float kept = (float) (1 / (1 - probability));
    for (int i = 0; i < values.length; i++) {
      values[i] = random.uniform(i) < probability ? 0 : kept;
    }
    return Tensor.of(values, like.shape()).to(like.type());
  }
}
