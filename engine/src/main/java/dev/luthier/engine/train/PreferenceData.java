package dev.luthier.engine.train;

import java.util.HashSet;
import java.util.List;

/// Pairs, each an object of its own, whose preferred answers are to become likelier than the
/// others; `validation` may be empty.
///
/// @param beta how much a change of likelihood counts: the larger, the closer the model stays to
///   the one that it begins as
public record PreferenceData(
    List<PreferencePair> training, List<PreferencePair> validation, double beta)
    implements RunData {
  public PreferenceData {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
    if (training.isEmpty()) {
      throw new IllegalArgumentException("no pairs to train on");
    }
    if (new HashSet<>(training).size() + new HashSet<>(validation).size()
        < training.size() + validation.size()) {
      throw new IllegalArgumentException("a pair is there twice as the same object");
    }
    if (!(beta > 0)) {
      throw new IllegalArgumentException("beta is %s; it must be above 0".formatted(beta));
    }
  }

  @Override
  public int rows() {
    return training.size();
  }

  @Override
  public int validationRows() {
    return validation.size();
  }
}
