package dev.luthier.platform.jobs;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Copies a job with the fields changed that can change after its creation. Not shared between
/// threads.
public final class JobChange {
  private final Job before;
  private Optional<Instant> finishedAt;
  private Optional<String> fineTunedModel;
  private JobState state;
  private TrainingMethod method;
  private List<String> resultFiles;
  private Optional<Long> trainedTokens;
  private Optional<JobError> error;
  private Optional<Instant> estimatedFinish;
  private JobRun run;

  JobChange(Job before) {
    this.before = before;
    this.finishedAt = before.finishedAt();
    this.fineTunedModel = before.fineTunedModel();
    this.state = before.state();
    this.method = before.method();
    this.resultFiles = before.resultFiles();
    this.trainedTokens = before.trainedTokens();
    this.error = before.error();
    this.estimatedFinish = before.estimatedFinish();
    this.run = before.run();
  }

  public JobChange state(JobState value) {
    state = value;
    return this;
  }

  public JobChange finishedAt(Instant value) {
    finishedAt = Optional.of(value);
    return this;
  }

  public JobChange method(TrainingMethod value) {
    method = value;
    return this;
  }

  public JobChange error(JobError value) {
    error = Optional.of(value);
    return this;
  }

  public JobChange estimatedFinish(Optional<Instant> value) {
    estimatedFinish = value;
    return this;
  }

  public JobChange run(JobRun value) {
    run = value;
    return this;
  }

  /// What only a job that succeeds gets.
  public JobChange product(String model, String resultFile, long tokens) {
    fineTunedModel = Optional.of(model);
    resultFiles = List.of(resultFile);
    trainedTokens = Optional.of(tokens);
    return this;
  }

  public Job make() {
    return new Job(
        before.id(),
        before.createdAt(),
        finishedAt,
        before.organisationId(),
        before.model(),
        before.baseId(),
        before.parentAdapterId(),
        fineTunedModel,
        state,
        method,
        before.trainingFile(),
        before.validationFile(),
        resultFiles,
        trainedTokens,
        error,
        before.suffix(),
        before.seed(),
        estimatedFinish,
        before.integrations(),
        before.metadata(),
        run);
  }
}
