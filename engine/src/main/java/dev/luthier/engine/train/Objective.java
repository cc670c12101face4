package dev.luthier.engine.train;

import dev.luthier.engine.model.MasterWeights;
import dev.luthier.engine.tensor.Tensor;
import dev.luthier.engine.train.gradient.GradientSource;
import java.util.List;
import java.util.function.BooleanSupplier;

/// What a run trains for: the loss of some of its rows, and the gradient. The loop is shared; this
/// is all that a method adds to it. Belongs to the run's thread.
interface Objective extends AutoCloseable {
  /// Rows of one pack. Part of a run's numbers: changing it changes the order of sums.
  int PACK_ROWS = 1024;

  /// The objective of some rows.
  ///
  /// @param seed the run's
  static Objective of(RunData data, GradientSource source, MasterWeights masters, long seed) {
    return switch (data) {
      case TrainingData rows -> new Likelihood(rows, source);
      case PreferenceData pairs -> new Preference(pairs, source);
      case ReinforcementData prompts -> new Reinforcement(prompts, source, masters, seed);
    };
  }

  /// Numbers that are found once and stay the same for the whole run, NaN before; the resume state
  /// keeps them.
  default float[] constants() {
    return new float[0];
  }

  /// Finds those that are not known yet, with the masters as they are at the run's beginning.
  ///
  /// @param goOn asked now and then; the answer no ends this early
  /// @return whether all are known
  default boolean prepare(BooleanSupplier goOn) {
    return true;
  }

  /// Adds the gradient of the training rows' mean loss.
  ///
  /// @param key the first of as many as there may be packs in a step, which dropout is drawn by
  Look accumulate(List<Integer> rows, long key, Tensor gradient);

  /// Looks at validation rows.
  Look evaluate(List<Integer> rows);

  /// Whether a look between the ends of epochs takes all validation rows.
  default boolean looksAtAllRows() {
    return false;
  }

  @Override
  default void close() {}

  /// Tokens of the training rows, targets or not.
  long tokens(List<Integer> rows);
}
