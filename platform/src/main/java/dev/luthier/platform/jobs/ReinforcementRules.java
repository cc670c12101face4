package dev.luthier.platform.jobs;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.jobs.TrainingMethod.Reinforcement;
import java.util.Optional;

/// The values that a request for reinforcement may have, apart from its grader's.
final class ReinforcementRules {
  private static final String NUMBERS = "method.reinforcement.hyperparameters.";
  private static final double MULTIPLIER_MIN = 1e-5;
  private static final double MULTIPLIER_MAX = 10;
  private static final int EVAL_SAMPLES_MAX = 32;

  private ReinforcementRules() {}

  /// Throws what is wrong.
  static void check(Reinforcement method, boolean validated) {
    if (!validated) {
      throw new ApiException(
          ErrorCode.MISSING_REQUIRED_PARAMETER,
          "Missing required parameter: 'validation_file'. Reinforcement is measured on prompts that"
              + " it does not train on.",
          Optional.of("validation_file"));
    }
    method.sampling().computeMultiplier().ifPresent(ReinforcementRules::checkMultiplier);
    method.sampling().evalInterval().ifPresent(n -> atLeastOne("eval_interval", n));
    method.sampling().evalSamples().ifPresent(n -> atLeastOne("eval_samples", n));
    method
        .sampling()
        .evalSamples()
        .filter(n -> n > EVAL_SAMPLES_MAX)
        .ifPresent(n -> {
          throw ApiException.integerAbove(NUMBERS + "eval_samples", EVAL_SAMPLES_MAX, n);
        });
  }

  private static void checkMultiplier(double value) {
    String param = NUMBERS + "compute_multiplier";
    if (!(value >= MULTIPLIER_MIN)) {
      throw ApiException.decimalBelow(param, "0.00001", value);
    }
    if (value > MULTIPLIER_MAX) {
      throw ApiException.decimalAbove(param, "10", value);
    }
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw ApiException.integerBelow(NUMBERS + name, 1, value);
    }
  }
}
