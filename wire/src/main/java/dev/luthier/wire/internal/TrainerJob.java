package dev.luthier.wire.internal;

import java.util.Objects;
import java.util.Optional;

/// `GET job`: all that a trainer must know of its job; rows and resume state are fetched apart.
///
/// @param attempt the fencing number, for log lines only: the token carries it
/// @param parent the adapter that training continues from, if the model is a fine-tune
/// @param validation whether the job has a validation file
public record TrainerJob(
    String jobId,
    int attempt,
    BaseRef base,
    Optional<AdapterRef> parent,
    Hyperparameters hyperparameters,
    long seed,
    boolean validation) {
  public TrainerJob {
    Check.text("job_id", jobId);
    Check.atLeast("attempt", attempt, 1);
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(parent, "parent");
    Objects.requireNonNull(hyperparameters, "hyperparameters");
  }

  /// The resolved figures: no `auto` is left.
  public record Hyperparameters(int nEpochs, int batchSize, double learningRateMultiplier) {
    public Hyperparameters {
      Check.atLeast("n_epochs", nEpochs, 1);
      Check.atLeast("batch_size", batchSize, 1);
      if (!(learningRateMultiplier > 0)) {
        throw new IllegalArgumentException(
            "learning_rate_multiplier must be above 0, but is " + learningRateMultiplier);
      }
    }
  }
}
