package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.estimate.Estimate;
import dev.luthier.platform.estimate.EstimateService;
import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.TrainingMethod;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// What a job will take, and beside it, once it has ended, what it took.
public final class EstimateViews {
  private final FineTuningService jobs;
  private final EstimateService estimates;

  public EstimateViews(FineTuningService jobs, EstimateService estimates) {
    this.jobs = jobs;
    this.estimates = estimates;
  }

  /// `model` and `training_file`, and if they are to be other than auto or none, `validation_file`,
  /// `n_epochs` and `batch_size`; `method` is `dpo` for rows of two answers and `reinforcement` for
  /// prompts, with `compute_multiplier`, `eval_interval` and `eval_samples`; `weights` is `full`
  /// where all are trained.
  void ahead(Context context) {
    TrainingMethod method = MethodQuery.read(context);
    Answers.compact(
        context,
        estimates.estimate(
            needed(context, "model"),
            needed(context, "training_file"),
            PageQuery.parameter(context, "validation_file"),
            method));
  }

  /// @param estimate empty while the machine was never measured, or a file is gone
  /// @param tookSeconds from the trainer's latest start to the job's success; empty before it
  private record Afterwards(Optional<Estimate> estimate, Optional<Double> tookSeconds) {}

  void ofJob(Context context) {
    Job job = jobs.get(context.pathParam("id"));
    Answers.compact(
        context,
        new Afterwards(
            estimates.known(job.baseId(), job.trainingFile(), job.validationFile(), job.method()),
            took(job)));
  }

  private Optional<Double> took(Job job) {
    if (job.state() != JobState.SUCCEEDED || job.finishedAt().isEmpty()) {
      return Optional.empty();
    }
    Instant end = job.finishedAt().get();
    return jobs.events(job.id(), PageRequest.first(PageRequest.LIMIT_MAX)).data().stream()
        .filter(event -> event.message().equals(EventTexts.STARTED))
        .findFirst() // The newest comes first.
        .map(JobEvent::createdAt)
        .map(start -> Duration.between(start, end).toMillis() / 1000.0);
  }

  private static String needed(Context context, String name) {
    return PageQuery.parameter(context, name).orElseThrow(() -> ApiException.missing(name));
  }
}
