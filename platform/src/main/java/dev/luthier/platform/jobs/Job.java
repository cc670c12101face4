package dev.luthier.platform.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A fine-tuning job's row: what the API shows, and in [#run] how it is being carried out.
///
/// @param model the base's id, or the parent's full name when training goes on from a fine-tune
/// @param baseId the base that the parent, if any, stands on
/// @param method as asked for; numbers only once the job has started to run
/// @param suffix as the user wrote it; names carry it normalised
/// @param trainedTokens tokens of the set times epochs, once succeeded
public record Job(
    String id,
    Instant createdAt,
    Optional<Instant> finishedAt,
    String organisationId,
    String model,
    String baseId,
    Optional<String> parentAdapterId,
    Optional<String> fineTunedModel,
    JobState state,
    TrainingMethod method,
    String trainingFile,
    Optional<String> validationFile,
    List<String> resultFiles,
    Optional<Long> trainedTokens,
    Optional<JobError> error,
    Optional<String> suffix,
    int seed,
    Optional<Instant> estimatedFinish,
    List<Integration> integrations,
    Optional<Map<String, String>> metadata,
    JobRun run) {

  public static final String ID_PATTERN = "ftjob-[A-Za-z0-9]{16,32}";

  public Job {
    if (!id.matches(ID_PATTERN)) {
      throw new IllegalArgumentException("not a job id: " + id);
    }
    if (seed < 0) {
      throw new IllegalArgumentException("seed " + seed + " of " + id + " is below 0");
    }
    resultFiles = List.copyOf(resultFiles);
    integrations = List.copyOf(integrations);
    metadata = metadata.map(Map::copyOf);
  }

  /// The numbers that every method has.
  public Hyperparameters hyperparameters() {
    return method.hyperparameters();
  }

  /// The same job with some fields changed.
  public JobChange change() {
    return new JobChange(this);
  }
}
