package dev.luthier.engine.train;

import dev.luthier.engine.tensor.Numbers;
import java.util.Map;

/// What some rows were like.
///
/// @param sums the losses and how many targets the model would have chosen; may not be read yet
/// @param losses how many losses were summed
/// @param targets how many targets could have been chosen
/// @param measures means that only one method has, by their names
record Look(Numbers sums, long losses, long targets, Map<String, Double> measures) {
  static final Look NONE = new Look(Numbers.known(0, 0), 0, 0, Map.of());

  /// Of rows that have no losses.
  static Look of(Map<String, Double> measures) {
    return new Look(Numbers.known(0, 0), 0, 0, measures);
  }

  Look {
    measures = Map.copyOf(measures);
  }

  boolean isEmpty() {
    return losses == 0;
  }

  LossAndAccuracy mean() {
    return new LossAndAccuracy(sums.at(0) / Math.max(1, losses), sums.at(1) / Math.max(1, targets));
  }
}
