package dev.luthier.http.api;

import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.wire.api.AutoOr;
import dev.luthier.wire.api.FineTuningJob;
import java.util.Locale;
import java.util.Optional;

/// A job's training method as the API shows it.
final class MethodObjects {
  private static final String REASONING_EFFORT = "default";

  private MethodObjects() {}

  /// The numbers that every method has.
  static FineTuningJob.Hyperparameters hyperparameters(Hyperparameters asked) {
    return new FineTuningJob.Hyperparameters(
        new AutoOr<>(asked.epochs()),
        new AutoOr<>(asked.batchSize()),
        new AutoOr<>(asked.learningRateMultiplier()),
        extensions(asked.extensions()));
  }

  private static FineTuningJob.Extensions extensions(Extensions asked) {
    return new FineTuningJob.Extensions(
        asked
            .earlyStopping()
            .map(rule -> new FineTuningJob.EarlyStopping(rule.patience(), rule.minDelta())),
        asked.keep().map(keep -> keep.name().toLowerCase(Locale.ROOT)),
        asked.weights().map(weights -> weights.name().toLowerCase(Locale.ROOT)),
        asked.loraRank(),
        asked.loraAlpha(),
        asked.loraDropout(),
        asked.warmupRatio());
  }

  static FineTuningJob.Method method(TrainingMethod method) {
    return switch (method) {
      case TrainingMethod.Supervised supervised ->
          new FineTuningJob.Method(
              method.type(),
              Optional.of(
                  new FineTuningJob.Supervised(hyperparameters(supervised.hyperparameters()))),
              Optional.empty(),
              Optional.empty());
      case TrainingMethod.Dpo dpo ->
          new FineTuningJob.Method(
              method.type(), Optional.empty(), Optional.of(dpo(dpo)), Optional.empty());
      case TrainingMethod.Reinforcement reinforcement ->
          new FineTuningJob.Method(
              method.type(),
              Optional.empty(),
              Optional.empty(),
              Optional.of(reinforcement(reinforcement)));
    };
  }

  private static FineTuningJob.Dpo dpo(TrainingMethod.Dpo dpo) {
    Hyperparameters numbers = dpo.hyperparameters();
    return new FineTuningJob.Dpo(
        new FineTuningJob.DpoHyperparameters(
            new AutoOr<>(numbers.epochs()),
            new AutoOr<>(numbers.batchSize()),
            new AutoOr<>(numbers.learningRateMultiplier()),
            new AutoOr<>(dpo.beta()),
            extensions(numbers.extensions())));
  }

  private static FineTuningJob.Reinforcement reinforcement(TrainingMethod.Reinforcement method) {
    Hyperparameters numbers = method.hyperparameters();
    return new FineTuningJob.Reinforcement(
        method.grading().grader(),
        method.grading().responseFormat().map(format -> format),
        new FineTuningJob.ReinforcementHyperparameters(
            new AutoOr<>(numbers.epochs()),
            new AutoOr<>(numbers.batchSize()),
            new AutoOr<>(numbers.learningRateMultiplier()),
            method.sampling().reasoningEffort().orElse(REASONING_EFFORT),
            new AutoOr<>(method.sampling().computeMultiplier()),
            new AutoOr<>(method.sampling().evalInterval()),
            new AutoOr<>(method.sampling().evalSamples())));
  }
}
