package dev.luthier.engine.train.gradient;

/// How much each target's loss counts in what is differentiated: the sum of weight times loss.
public sealed interface LossWeights {
  /// All alike.
  record Even(double weight) implements LossWeights {}

  /// Found from the losses themselves, as where a row's share in the gradient depends on how likely
  /// the row is. The weights are taken as constants: they are not differentiated.
  non-sealed interface Found extends LossWeights {
    /// Gives one weight a target, in the pack's order; called once a pack.
    float[] of(TargetLosses seen);
  }
}
