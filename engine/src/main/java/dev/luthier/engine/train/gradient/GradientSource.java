package dev.luthier.engine.train.gradient;

import dev.luthier.engine.tensor.Tensor;

/// Computes losses and gradients of what is trained: an adapter on a frozen base, or all weights.
/// An implementation keeps no state between packs, apart from copies that [#parametersChanged]
/// renews.
public interface GradientSource extends AutoCloseable {
  /// Adds to `gradient`, the flat fp32 array laid out like the masters, the gradient of
  /// `lossFactor` times the sum of the pack's losses, each times its target's weight. The tally
  /// knows no weights.
  ///
  /// `dropoutKey` names the pack within the run; dropout is a function of the run's seed and this
  /// key.
  Tally accumulate(Pack pack, double lossFactor, long dropoutKey, Tensor gradient);

  /// Whether documents of a pack may share prefixes.
  boolean sharesPrefixes();

  /// The losses alone, without dropout.
  Tally evaluate(Pack pack);

  /// The loss of every target, in the order of the pack: minus the logarithm of its probability.
  float[] losses(Pack pack);

  /// Tells that the masters are not what they were.
  void parametersChanged();

  @Override
  void close();
}
