package dev.luthier.http.dashboard;

import dev.luthier.http.Answers;
import dev.luthier.http.request.PageQuery;
import dev.luthier.platform.PageRequest;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.estimate.Estimate;
import dev.luthier.platform.estimate.EstimateService;
import dev.luthier.platform.jobs.EventTexts;
import dev.luthier.platform.jobs.Extensions;
import dev.luthier.platform.jobs.FineTuningService;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.Job;
import dev.luthier.platform.jobs.JobEvent;
import dev.luthier.platform.jobs.JobState;
import dev.luthier.platform.jobs.TrainingMethod;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a job will take, and beside it, once it has ended, what it took.
public final class EstimateViews {
  private static final int NUMBER_MAX = 100_000;

  private final FineTuningService jobs;
  private final EstimateService estimates;

  public EstimateViews(FineTuningService jobs, EstimateService estimates) {
    this.jobs = jobs;
    this.estimates = estimates;
  }

  /// `model` and `training_file`, and if they are to be other than auto or none, `validation_file`,
  /// `n_epochs` and `batch_size`; `method` is `dpo` for rows of two answers, `weights` is `full`
  /// where all are trained.
  void ahead(Context context) {
    Hyperparameters numbers =
        new Hyperparameters(
                number(context, "n_epochs"), number(context, "batch_size"), Optional.empty())
            .with(Extensions.ofWeights(weights(context)));
    TrainingMethod method =
        PageQuery.oneOf(context, "method", List.of("supervised", "dpo"))
            .filter("dpo"::equals)
            .<TrainingMethod>map(_ -> new TrainingMethod.Dpo(numbers, Optional.empty()))
            .orElse(new TrainingMethod.Supervised(numbers));
    Answers.compact(
        context,
        estimates.estimate(
            needed(context, "model"),
            needed(context, "training_file"),
            PageQuery.parameter(context, "validation_file"),
            method));
  }

  private static Optional<Extensions.Weights> weights(Context context) {
    return PageQuery.oneOf(context, "weights", List.of("adapter", "full"))
        .map(name -> Extensions.Weights.valueOf(name.toUpperCase(Locale.ROOT)));
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

  private static Optional<Integer> number(Context context, String name) {
    var text = PageQuery.parameter(context, name).filter(value -> !value.equals("auto"));
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[0-9]{1,9}")) {
      throw ApiException.invalidType(name, "an integer", "a string");
    }
    int number = Integer.parseInt(text.get());
    if (number < 1) {
      throw ApiException.integerBelow(name, 1, number);
    }
    if (number > NUMBER_MAX) {
      throw ApiException.integerAbove(name, NUMBER_MAX, number);
    }
    return Optional.of(number);
  }
}
