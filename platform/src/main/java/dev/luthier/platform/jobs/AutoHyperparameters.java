package dev.luthier.platform.jobs;

import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import java.util.Optional;

/// What `"auto"` comes to, by the number of training examples.
///
/// Epochs: OpenAI's published rule, which aims at three epochs, but at 100 to 25,000 examples seen
/// in all. Batch size: about 0.2 % of the examples, as its older text says. Learning rate: 1. Beta
/// of DPO: 0.1. Reinforcement takes four prompts a step and looks at its validation rows five
/// times.
public final class AutoHyperparameters {
  private static final int TARGET_EPOCHS = 3;
  private static final int TARGET_EXAMPLES_MIN = 100;
  private static final int TARGET_EXAMPLES_MAX = 25_000;
  private static final int EPOCHS_MAX = 25;
  private static final double BETA = 0.1;
  private static final int PROMPTS = 4;
  private static final int LOOKS = 5;
  private static final double BATCH_SHARE = 0.002;
  private static final int BATCH_MAX = 256;

  private AutoHyperparameters() {}

  /// Puts numbers in place of every auto.
  public static TrainingMethod resolve(TrainingMethod asked, int examples) {
    TrainingMethod numbered = asked.with(numbers(asked, examples));
    return switch (numbered) {
      case TrainingMethod.Supervised supervised -> supervised;
      case TrainingMethod.Dpo(var numbers, var beta) ->
          new TrainingMethod.Dpo(numbers, beta.or(() -> Optional.of(BETA)));
      case Reinforcement(var numbers, var sampling, var grading) ->
          new Reinforcement(numbers, resolve(sampling, totalSteps(numbers, examples)), grading);
    };
  }

  private static Reinforcement.Sampling resolve(Reinforcement.Sampling asked, int steps) {
    return new Reinforcement.Sampling(
        asked.reasoningEffort(),
        Optional.of(asked.computeMultiplier().orElse(1.0)),
        Optional.of(asked.evalInterval().orElse(Math.max(1, steps / LOOKS))),
        Optional.of(asked.evalSamples().orElse(1)));
  }

  /// The same for the numbers that every method has.
  public static Hyperparameters numbers(TrainingMethod asked, int examples) {
    int batch = asked instanceof Reinforcement ? Math.min(PROMPTS, examples) : batchSize(examples);
    return resolve(asked.hyperparameters(), examples, batch);
  }

  /// As [#numbers], of supervised training.
  public static Hyperparameters resolve(Hyperparameters asked, int examples) {
    return numbers(new TrainingMethod.Supervised(asked), examples);
  }

  private static Hyperparameters resolve(Hyperparameters asked, int examples, int batch) {
    if (examples < 1) {
      throw new IllegalArgumentException("a training file of " + examples + " examples");
    }
    return new Hyperparameters(
        Optional.of(asked.epochs().orElseGet(() -> epochs(examples))),
        Optional.of(asked.batchSize().orElse(batch)),
        Optional.of(asked.learningRateMultiplier().orElse(1.0)),
        asked.extensions());
  }

  /// Optimizer steps of a job: every epoch sees all examples, its last batch may be smaller.
  public static int totalSteps(Hyperparameters resolved, int examples) {
    int batch = resolved.batchSize().orElseThrow();
    int perEpoch = Math.ceilDiv(examples, batch);
    return Math.multiplyExact(perEpoch, resolved.epochs().orElseThrow());
  }

  static int epochs(int examples) {
    long target = (long) examples * TARGET_EPOCHS;
    if (target < TARGET_EXAMPLES_MIN) {
      return Math.min(EPOCHS_MAX, TARGET_EXAMPLES_MIN / examples);
    }
    if (target > TARGET_EXAMPLES_MAX) {
      return Math.max(1, TARGET_EXAMPLES_MAX / examples);
    }
    return TARGET_EPOCHS;
  }

  static int batchSize(int examples) {
    return Math.clamp(Math.round(BATCH_SHARE * examples), 1, BATCH_MAX);
  }
}
