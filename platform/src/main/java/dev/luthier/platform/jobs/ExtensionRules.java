package dev.luthier.platform.jobs;

import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import java.util.Optional;

/// The values that fields may have which OpenAI's API lacks.
final class ExtensionRules {
  private static final int PATIENCE_MAX = 50;
  private static final int RANK_MAX = 256;
  private static final double ALPHA_MAX = 4096;
  private static final double WARMUP_MAX = 0.5;

  private ExtensionRules() {}

  /// @param section the names' beginning in refusals, with its dot
  static void checkRanges(String section, Extensions asked) {
    asked.earlyStopping().ifPresent(rule -> checkEarlyStopping(section + "early_stopping.", rule));
    asked.loraRank().ifPresent(rank -> checkRank(section + "lora_rank", rank));
    asked.loraAlpha().ifPresent(alpha -> checkAlpha(section + "lora_alpha", alpha));
    asked.loraDropout().ifPresent(share -> checkDropout(section + "lora_dropout", share));
    asked.warmupRatio().ifPresent(share -> checkWarmup(section + "warmup_ratio", share));
  }

  private static void checkEarlyStopping(String section, Extensions.EarlyStopping rule) {
    if (rule.patience() < 1) {
      throw ApiException.integerBelow(section + "patience", 1, rule.patience());
    }
    if (rule.patience() > PATIENCE_MAX) {
      throw ApiException.integerAbove(section + "patience", PATIENCE_MAX, rule.patience());
    }
    if (!(rule.minDelta() >= 0)) {
      throw ApiException.decimalBelow(section + "min_delta", "0", rule.minDelta());
    }
  }

  private static void checkRank(String param, int rank) {
    if (rank < 1) {
      throw ApiException.integerBelow(param, 1, rank);
    }
    if (rank > RANK_MAX) {
      throw ApiException.integerAbove(param, RANK_MAX, rank);
    }
  }

  private static void checkAlpha(String param, double alpha) {
    if (!(alpha > 0)) {
      throw ApiException.decimalBelow(param, "0 (exclusive)", alpha);
    }
    if (alpha > ALPHA_MAX) {
      throw ApiException.decimalAbove(param, "4096", alpha);
    }
  }

  private static void checkDropout(String param, double share) {
    if (!(share >= 0)) {
      throw ApiException.decimalBelow(param, "0", share);
    }
    if (share >= 1) {
      throw ApiException.decimalAbove(param, "1 (exclusive)", share);
    }
  }

  private static void checkWarmup(String param, double share) {
    if (!(share >= 0)) {
      throw ApiException.decimalBelow(param, "0", share);
    }
    if (share > WARMUP_MAX) {
      throw ApiException.decimalAbove(param, "0.5", share);
    }
  }

  /// What does not go together with the rest of the request.
  static void checkBeside(CreateJob request, TrainingMethod method) {
    Extensions asked = method.hyperparameters().extensions();
    if (method instanceof TrainingMethod.Reinforcement && !asked.equals(Extensions.NONE)) {
      throw refused(
          "hyperparameters",
          "Fields that OpenAI's API lacks (early_stopping, keep, lora_rank and their kin) are offered"
              + " for the methods supervised and dpo, not for reinforcement; leave them out.");
    }
    if (asked.trainsAllWeights() && asked.shapesAdapter()) {
      throw refused(
          "weights",
          "'weights' is 'full', so there is no adapter for lora_rank, lora_alpha and lora_dropout to shape; leave them out.");
    }
    if (request.validationFile().isEmpty()) {
      if (asked.earlyStopping().isPresent()) {
        throw needsValidation("early_stopping");
      }
      if (asked.keepsBest()) {
        throw needsValidation("keep");
      }
    }
  }

  /// A fine-tune's adapter is trained on as it is.
  static void checkParent(TrainableModel model, Extensions asked) {
    if (model.adapterId().isPresent() && asked.trainsAllWeights()) {
      throw refused(
          "model",
          "All weights are trained of bases only, and '%s' is an adapter on '%s': begin with that base, or leave 'weights' out."
              .formatted(model.name(), model.baseId()));
    }
    if (model.adapterId().isPresent() && asked.shapesAdapter()) {
      throw refused(
          "model",
          "'%s' has an adapter, which training goes on with as it is: leave out lora_rank, lora_alpha and lora_dropout, or begin with its base '%s'."
              .formatted(model.name(), model.baseId()));
    }
  }

  private static ApiException needsValidation(String field) {
    return refused(
        field,
        "'%s' goes by the loss over a validation file: send 'validation_file', or leave '%s' out."
            .formatted(field, field));
  }

  private static ApiException refused(String param, String message) {
    return new ApiException(ErrorCode.INVALID_REQUEST, message, Optional.of(param));
  }
}
