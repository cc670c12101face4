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

    record Reinforcement() implements Method {}
  }

  /// The resolved figures: no `auto` is left.
  ///
  /// @param learningRate the peak, with the job's multiplier in it
  public record Hyperparameters(int epochs, int batchSize, double learningRate) {
    public Hyperparameters {
      Check.atLeast("epochs", epochs, 1);
      Check.atLeast("batch_size", batchSize, 1);
      if (!(learningRate > 0)) {
        throw new IllegalArgumentException("learning_rate must be above 0, but is " + learningRate);
      }
    }
  }
}
