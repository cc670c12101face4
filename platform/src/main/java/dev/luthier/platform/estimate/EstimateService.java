package dev.luthier.platform.estimate;

import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.data.DataService;
import dev.luthier.platform.errors.ApiException;
import dev.luthier.platform.errors.ErrorCode;
import dev.luthier.platform.jobs.AutoHyperparameters;
import dev.luthier.platform.jobs.Hyperparameters;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.platform.models.ModelService;
import dev.luthier.platform.models.ResolvedModel;
import java.io.IOException;
import java.util.Optional;

/// Says before the start what a job will take. Safe for many threads.
public final class EstimateService {
  private final DataService data;
  private final ModelService models;
  private final PaceProbe probe;

  public EstimateService(DataService data, ModelService models, PaceProbe probe) {
    this.data = data;
    this.models = models;
    this.probe = probe;
  }

  /// Takes as long as the files are large, and some seconds more the first time that a base is
  /// measured.
  ///
  /// @throws ApiException if the model or a file is unknown, or the training file has no good row
  public Estimate estimate(
      String model, String training, Optional<String> validation, TrainingMethod asked) {
    if (asked instanceof TrainingMethod.Reinforcement) {
      throw new ApiException(
          ErrorCode.INVALID_VALUE,
          "Jobs of reinforcement are not estimated.",
          Optional.of("method"));
    }
    DataReport rows = report(training, model, false, asked);
    if (rows.lengths().isEmpty()) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The file " + training + " has no row that can be trained on.",
          Optional.of("training_file"));
    }
    Optional<DataReport> held = validation.map(id -> report(id, model, true, asked));
    return Estimate.of(plan(rows, held, asked), pace(model, trainsAllWeights(asked)));
  }

  private DataReport report(String file, String model, boolean validation, TrainingMethod method) {
    return data.report(file, model, method, validation, Optional.empty());
  }

  private static boolean trainsAllWeights(TrainingMethod method) {
    return method.hyperparameters().extensions().trainsAllWeights();
  }

  /// As [#estimate], of a job that is there, without measuring anything for it; empty when its base
  /// was never measured here, or a file of it is gone.
  public Optional<Estimate> known(
      String model, String training, Optional<String> validation, TrainingMethod asked) {
    try {
      boolean estimated = !(asked instanceof TrainingMethod.Reinforcement);
      if (!estimated || probe.known(base(model), trainsAllWeights(asked)).isEmpty()) {
        return Optional.empty();
      }
      return Optional.of(estimate(model, training, validation, asked));
    } catch (IOException | ApiException _) {
      return Optional.empty();
    }
  }

  /// What the reports on a job's files make of its settings.
  public static JobPlan plan(
      DataReport rows, Optional<DataReport> validation, TrainingMethod asked) {
    Hyperparameters settings =
        AutoHyperparameters.resolve(asked.hyperparameters(), rows.examples());
    long held = validation.map(DataReport::tokens).orElse(0L);
    int longest =
        rows.lengths()
            .map(lengths -> Math.min(lengths.longest(), lengths.contextLength()))
            .orElse(0);
    return new JobPlan(
        rows.examples(),
        rows.tokens(),
        rows.trainedTokens(),
        longest,
        settings.epochs().orElseThrow(),
        settings.batchSize().orElseThrow(),
        validation.map(DataReport::examples).orElse(0),
        held,
        asked instanceof TrainingMethod.Dpo ? rows.tokens() + held : 0);
  }

  private Pace pace(String model, boolean allWeights) {
    try {
      return probe.measure(base(model), allWeights);
    } catch (IOException e) {
      throw new ApiException(
          ErrorCode.UNAVAILABLE,
          "The machine could not be measured: " + e.getMessage(),
          Optional.empty());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(ErrorCode.UNAVAILABLE, "The server stops.", Optional.empty());
    }
  }

  private BaseModel base(String model) {
    return switch (models.resolve(model)) {
      case ResolvedModel.Callable callable -> callable.base();
      case ResolvedModel.Unknown unknown -> throw ApiException.noSuchModel(unknown.name());
    };
  }
}
