package dev.luthier.platform.jobs;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// How a job is trained, with the numbers that belong to it; an empty number means `"auto"`.
public sealed interface TrainingMethod {
  /// What a request without a method means.
  TrainingMethod STANDARD = new Supervised(Hyperparameters.AUTO);

  /// As the API names it.
  String type();

  /// The numbers that every method has.
  Hyperparameters hyperparameters();

  /// The same method with other numbers of that kind.
  TrainingMethod with(Hyperparameters numbers);

  /// Learns to say what the answers of chat rows say.
  record Supervised(Hyperparameters hyperparameters) implements TrainingMethod {
    @Override
    public String type() {
      return "supervised";
    }

    @Override
    public Supervised with(Hyperparameters numbers) {
      return new Supervised(numbers);
    }
  }

  /// Learns to prefer one of two answers (direct preference optimization).
  ///
  /// @param beta how closely the model is held to the one that it begins as
  record Dpo(Hyperparameters hyperparameters, Optional<Double> beta) implements TrainingMethod {
    @Override
    public String type() {
      return "dpo";
    }

    @Override
    public Dpo with(Hyperparameters numbers) {
      return new Dpo(numbers, beta);
    }
  }

  /// Learns from the rewards that a grader gives to answers of its own.
  record Reinforcement(Hyperparameters hyperparameters, Sampling sampling, Grading grading)
      implements TrainingMethod {
    /// What a divergence of 1 from the model at the beginning costs, in rewards of one standard
    /// deviation.
    public static final double NEARNESS = 0.04;

    /// The longest answer that is drawn.
    public static final int ANSWER_TOKENS_MAX = 256;

    /// How answers are drawn and looked at.
    ///
    /// @param reasoningEffort kept and told; models here do not reason apart from their answer
    /// @param computeMultiplier of the answers that are drawn to a prompt
    public record Sampling(
        Optional<String> reasoningEffort,
        Optional<Double> computeMultiplier,
        Optional<Integer> evalInterval,
        Optional<Integer> evalSamples) {
      private static final int GROUP = 8;
      private static final int GROUP_MIN = 2;
      private static final int GROUP_MAX = 64;

      /// Answers that are drawn to a prompt and compared.
      public int group() {
        return Math.clamp(Math.round(GROUP * computeMultiplier.orElse(1.0)), GROUP_MIN, GROUP_MAX);
      }
    }

    /// What answers must be like, as the request has it.
    public record Grading(JsonNode grader, Optional<JsonNode> responseFormat) {}

    @Override
    public String type() {
      return "reinforcement";
    }

    @Override
    public Reinforcement with(Hyperparameters numbers) {
      return new Reinforcement(numbers, sampling, grading);
    }
  }
}
