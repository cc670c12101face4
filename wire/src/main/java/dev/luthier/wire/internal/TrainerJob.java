package dev.luthier.wire.internal;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Objects;
import java.util.Optional;

/// `GET job`: all that a trainer must know of its job; rows and resume state are fetched apart.
///
/// @param attempt the fencing number, for log lines only: the token carries it
/// @param parentAdapter the PEFT folder that training continues from, if the model is a fine-tune
/// @param hasValidationFile whether `job/validation-file` answers
/// @param resumeStep the step of the resume state that it must go on from, if there is one
public record TrainerJob(
    String jobId,
    int attempt,
    BaseRef base,
    Optional<String> parentAdapter,
    Method method,
    Hyperparameters hyperparameters,
    long seed,
    boolean hasValidationFile,
    Optional<Integer> resumeStep) {
  public TrainerJob {
    Check.text("job_id", jobId);
    Check.atLeast("attempt", attempt, 1);
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(parentAdapter, "parent_adapter");
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(hyperparameters, "hyperparameters");
    Objects.requireNonNull(resumeStep, "resume_step");
  }

  /// How it is trained, with what only this method has; `type` names it on the wire.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Method.Supervised.class, name = "supervised"),
    @JsonSubTypes.Type(value = Method.Dpo.class, name = "dpo"),
    @JsonSubTypes.Type(value = Method.Reinforcement.class, name = "reinforcement")
  })
  public sealed interface Method {
    record Supervised() implements Method {}

    record Dpo(double beta) implements Method {
      public Dpo {
        if (!(beta > 0)) {
          throw new IllegalArgumentException("beta must be above 0, but is " + beta);
        }
      }
    }

    /// Answers are drawn and rewarded.
    ///
    /// @param group answers to a prompt, which are compared with one another
    /// @param evalInterval steps between two looks at the validation rows
    /// @param evalSamples answers to a validation prompt
    /// @param nearness what moving away from the model at the beginning costs
    /// @param answerTokensMax the longest answer
    /// @param form what each answer must be; none: any text
    record Reinforcement(
        int group,
        int evalInterval,
        int evalSamples,
        double nearness,
        int answerTokensMax,
        Optional<GenerateRequest.JsonForm> form)
        implements Method {
      /// Of answers that may be any text.
      public Reinforcement(
          int group, int evalInterval, int evalSamples, double nearness, int answerTokensMax) {
        this(group, evalInterval, evalSamples, nearness, answerTokensMax, Optional.empty());
      }

      public Reinforcement {
        Check.atLeast("group", group, 2);
        Check.atLeast("eval_interval", evalInterval, 1);
        Check.atLeast("eval_samples", evalSamples, 1);
        Check.atLeast("answer_tokens_max", answerTokensMax, 1);
        Objects.requireNonNull(form, "form");
        if (!(nearness >= 0)) {
          throw new IllegalArgumentException("nearness must not be below 0, but is " + nearness);
        }
      }
    }
  }

  /// The resolved figures: no `auto` is left.
  ///
  /// @param learningRate the peak, with the job's multiplier in it
  /// @param keepBest whether the best epoch's weights are wanted, not only the last one's
  /// @param warmupRatio the share of all steps in which it climbs; usual when empty
  public record Hyperparameters(
      int epochs,
      int batchSize,
      double learningRate,
      Optional<Double> warmupRatio,
      Optional<EarlyStopping> earlyStopping,
      boolean keepBest,
      Trained trained) {
    /// Of usual training.
    public Hyperparameters(int epochs, int batchSize, double learningRate) {
      this(
          epochs,
          batchSize,
          learningRate,
          Optional.empty(),
          Optional.empty(),
          false,
          Trained.Adapter.USUAL);
    }

    public Hyperparameters {
      Objects.requireNonNull(warmupRatio, "warmup_ratio");
      Objects.requireNonNull(earlyStopping, "early_stopping");
      Objects.requireNonNull(trained, "trained");
      Check.atLeast("epochs", epochs, 1);
      Check.atLeast("batch_size", batchSize, 1);
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException("learning_rate must be above 0, but is " + learningRate);
      }
    }
  }

  /// After so many epochs in a row whose full validation loss is not lower by more than `minDelta`,
  /// the run is finished.
  public record EarlyStopping(int patience, double minDelta) {
    public EarlyStopping {
      Check.atLeast("patience", patience, 1);
    }
  }

  /// What of a model is trained; `type` names it on the wire.
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Trained.Adapter.class, name = "adapter"),
    @JsonSubTypes.Type(value = Trained.AllWeights.class, name = "all_weights")
  })
  public sealed interface Trained {
    /// How an adapter looks that is made fresh; usual where empty.
    record Adapter(Optional<Integer> rank, Optional<Double> alpha, Optional<Double> dropout)
        implements Trained {
      public static final Adapter USUAL =
          new Adapter(Optional.empty(), Optional.empty(), Optional.empty());

      public Adapter {
        Objects.requireNonNull(rank, "rank");
        Objects.requireNonNull(alpha, "alpha");
        Objects.requireNonNull(dropout, "dropout");
      }
    }

    /// All of the base's own.
    record AllWeights() implements Trained {}
  }
}
