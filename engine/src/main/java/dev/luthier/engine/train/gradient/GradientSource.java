package dev.luthier.engine.train.gradient;

import dev.luthier.engine.tensor.Tensor;

/// Computes losses and gradients of an adapter on a frozen base. An implementation keeps no state
/// between packs, apart from copies of the adapter that [#parametersChanged] renews.
public interface GradientSource extends AutoCloseable {
  /// Adds to `gradient`, the flat fp32 array laid out like the adapter, the gradient of
  /// `lossFactor` times the sum of the pack's losses.
  ///
  /// `dropoutKey` names the pack within the run; dropout is a function of the run's seed and this
  /// key.
  Tally accumulate(Pack pack, double lossFactor, long dropoutKey, Tensor gradient);

  /// The losses alone, without dropout.
  Tally evaluate(Pack pack);

  /// Tells that the adapter's parameters are not what they were.
  void parametersChanged();

  @Override
  void close();
}
