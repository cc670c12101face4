package dev.luthier.platform.jobs;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A request for a fine-tuning job, types checked, values not yet.
///
/// @param model a base, an alias, or the name of a fine-tune or checkpoint
/// @param hyperparameters the old place for them; empty when the request had none
/// @param method supervised when empty
/// @param seed drawn when empty
public record CreateJob(
    String model,
    String trainingFile,
    Optional<String> validationFile,
    Optional<String> suffix,
    OptionalInt seed,
    Optional<Hyperparameters> hyperparameters,
    Optional<TrainingMethod> method,
    List<Integration> integrations,
    Optional<Map<String, String>> metadata) {
  public CreateJob {
    integrations = List.copyOf(integrations);
    metadata = metadata.map(Map::copyOf);
  }

  /// The least that a request holds.
  public static CreateJob of(String model, String trainingFile) {
    return new CreateJob(
        model,
        trainingFile,
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }
}
