package dev.luthier.engine.train.gradient;

import dev.luthier.engine.tensor.Tensor;

/// Computes losses and gradients of what is trained: an adapter on a frozen base, or all weights.
/// An implementation keeps no state between packs, apart from copies that [#parametersChanged]
/// renews.
public interface GradientSource extends AutoCloseable {
  /// Adds to `gradient`, the flat fp32 array laid out like the masters, the gradient of the pack's
  /// weighted losses. The tally's are not weighted.
  ///
  /// `dropoutKey` names the pack within the run; dropout is a function of the run's seed and this
  /// key.
  Tally accumulate(Pack pack, LossWeights weights, long dropoutKey, Tensor gradient);

  /// The same with one weight for all.
  default Tally accumulate(Pack pack, double lossFactor, long dropoutKey, Tensor gradient) {
    return accumulate(pack, new LossWeights.Even(lossFactor), dropoutKey, gradient);
  }

  /// Whether documents of a pack may share prefixes.
  boolean sharesPrefixes();

  /// The losses alone, without dropout.
  Tally evaluate(Pack pack);

  /// The same target by target; waits for them.
  TargetLosses losses(Pack pack);

  /// Tells that the masters are not what they were.
  void parametersChanged();

  @Override
  void close();
}
