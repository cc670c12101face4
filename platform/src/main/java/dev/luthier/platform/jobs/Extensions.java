package dev.luthier.platform.jobs;

import java.util.Optional;

/// What a job may be told of its training that OpenAI's API has no field for; an empty one was not
/// asked for.
///
/// @param loraAlpha the adapter's product is scaled by alpha / rank; twice the rank when empty
/// @param warmupRatio the share of all steps in which the learning rate climbs
public record Extensions(
    Optional<EarlyStopping> earlyStopping,
    Optional<Keep> keep,
    Optional<Weights> weights,
    Optional<Integer> loraRank,
    Optional<Double> loraAlpha,
    Optional<Double> loraDropout,
    Optional<Double> warmupRatio) {

  public static final Extensions NONE =
      new Extensions(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /// Nothing but what is trained.
  public static Extensions ofWeights(Optional<Weights> weights) {
    return new Extensions(
        Optional.empty(),
        Optional.empty(),
        weights,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /// When a job ends before its last step.
  ///
  /// @param patience so many epochs in a row without a better loss over the validation file end it
  /// @param minDelta lower by more than this is better
  public record EarlyStopping(int patience, double minDelta) {}

  /// Which checkpoint the fine-tune's name answers with.
  public enum Keep {
    /// That of the last epoch that was trained.
    LAST,
    /// That with the lowest loss over the validation file.
    BEST
  }

  /// What is trained.
  public enum Weights {
    /// Small matrices beside the base's.
    ADAPTER,
    /// All of the base's own: the fine-tune is a model by itself.
    FULL
  }

  public boolean trainsAllWeights() {
    return weights.filter(Weights.FULL::equals).isPresent();
  }

  /// A run that ends when it gets no better keeps what was best, unless it is told otherwise.
  public boolean keepsBest() {
    return keep.orElse(earlyStopping.isPresent() ? Keep.BEST : Keep.LAST) == Keep.BEST;
  }

  /// Whether it is known only at the end which checkpoint the fine-tune is.
  public boolean chosenAtEnd() {
    return keepsBest() || earlyStopping.isPresent();
  }

  /// Whether an adapter is asked for that looks other than usual.
  public boolean shapesAdapter() {
    return loraRank.isPresent() || loraAlpha.isPresent() || loraDropout.isPresent();
  }
}
