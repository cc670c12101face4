package dev.luthier.platform.jobs;

import dev.luthier.platform.MetadataRules;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.List;
import java.util.Optional;

/// The values that a request for a job may have. Contents of files are judged later.
final class CreateJobRules {
  private static final List<String> OFFERED = List.of("supervised", "dpo", "reinforcement");
  static final int SUFFIX_LENGTH_MAX = 64;
  private static final int EPOCHS_MAX = 50;
  private static final int BATCH_SIZE_MAX = 256;
  private static final double LEARNING_RATE_MULTIPLIER_MAX = 10_000;
  private static final double BETA_MAX = 2;
  private static final int INTEGRATIONS_MAX = 5;

  private CreateJobRules() {}

  /// Throws what is wrong; answers the method, with the hyperparameters from wherever the request
  /// had them.
  static TrainingMethod check(CreateJob request) {
    request.suffix().ifPresent(CreateJobRules::checkSuffix);
    if (request.seed().isPresent() && request.seed().getAsInt() < 0) {
      throw ApiException.integerBelow("seed", 0, request.seed().getAsInt());
    }
    if (request.integrations().size() > INTEGRATIONS_MAX) {
      throw ApiException.tooMany("integrations", INTEGRATIONS_MAX, request.integrations().size());
    }
    request.metadata().ifPresent(MetadataRules::check);
    TrainingMethod method = request.method().orElse(TrainingMethod.STANDARD);
    checkMethod(method);
    switch (method) {
      case TrainingMethod.Supervised _ -> {}
      case TrainingMethod.Dpo(_, var beta) -> beta.ifPresent(CreateJobRules::checkBeta);
      case TrainingMethod.Reinforcement reinforcement ->
          ReinforcementRules.check(reinforcement, request.validationFile().isPresent());
    }
    TrainingMethod numbered = method.with(hyperparameters(request, method));
    ExtensionRules.checkBeside(request, numbered);
    return numbered;
  }

  private static void checkSuffix(String suffix) {
    int length = suffix.codePointCount(0, suffix.length());
    if (length < 1) {
      throw ApiException.stringTooShort("suffix", 1, length);
    }
    if (length > SUFFIX_LENGTH_MAX) {
      throw ApiException.stringTooLong("suffix", SUFFIX_LENGTH_MAX, length);
    }
  }

  private static void checkMethod(TrainingMethod method) {
    if (!OFFERED.contains(method.type())) {
      throw ApiException.invalidValue("method.type", method.type(), OFFERED);
    }
  }

  private static Hyperparameters hyperparameters(CreateJob request, TrainingMethod method) {
    Hyperparameters old = request.hyperparameters().orElse(Hyperparameters.AUTO);
    Hyperparameters inMethod = method.hyperparameters();
    String section = "method." + method.type() + ".hyperparameters";
    checkRanges("hyperparameters.", old);
    checkRanges(section + ".", inMethod);
    if (contradict(old, inMethod)) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "'hyperparameters' and '" + section + "' differ; send one of them.",
          Optional.of("hyperparameters"));
    }
    return inMethod.equals(Hyperparameters.AUTO) ? old : inMethod;
  }

  /// A section that is missing, or left wholly on auto, contradicts nothing.
  private static boolean contradict(Hyperparameters old, Hyperparameters inMethod) {
    return !old.equals(inMethod)
        && !old.equals(Hyperparameters.AUTO)
        && !inMethod.equals(Hyperparameters.AUTO);
  }

  private static void checkRanges(String section, Hyperparameters values) {
    values.epochs().ifPresent(n -> range(section + "n_epochs", n, EPOCHS_MAX));
    values.batchSize().ifPresent(n -> range(section + "batch_size", n, BATCH_SIZE_MAX));
    values
        .learningRateMultiplier()
        .ifPresent(m -> checkMultiplier(section + "learning_rate_multiplier", m));
    ExtensionRules.checkRanges(section, values.extensions());
  }

  private static void range(String param, int value, int most) {
    if (value < 1) {
      throw ApiException.integerBelow(param, 1, value);
    }
    if (value > most) {
      throw ApiException.integerAbove(param, most, value);
    }
  }

  private static void checkBeta(double value) {
    String param = "method.dpo.hyperparameters.beta";
    if (!(value > 0)) {
      throw ApiException.decimalBelow(param, "0 (exclusive)", value);
    }
    if (value > BETA_MAX) {
      throw ApiException.decimalAbove(param, "2", value);
    }
  }

  private static void checkMultiplier(String param, double value) {
    if (!(value > 0)) {
      throw ApiException.decimalBelow(param, "0 (exclusive)", value);
    }
    if (value > LEARNING_RATE_MULTIPLIER_MAX) {
      throw ApiException.decimalAbove(param, "10000", value);
    }
  }
}
