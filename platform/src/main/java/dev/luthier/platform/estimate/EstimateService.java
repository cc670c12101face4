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
    DataReport rows = report(training, model, false, asked);
    if (rows.lengths().isEmpty()) {
      throw new ApiException(
          ErrorCode.INVALID_REQUEST,
          "The file " + training + " has no row that can be trained on.",
          Optional.of("training_file"));
    }
    Optional<DataReport> held = validation.map(id -> report(id, model, true, asked));
    BaseModel base = base(model);
    return measured(() -> estimate(rows, held, asked, probe, base));
  }

  /// From the reports on a job's files, with what is not known of the machine measured now.
  ///
  /// @throws IOException with a sentence for people, when nothing could be measured
  public static Estimate estimate(
      DataReport rows,
      Optional<DataReport> validation,
      TrainingMethod asked,
      PaceProbe probe,
      BaseModel base)
      throws IOException, InterruptedException {
    Pace pace = probe.measure(base, trainsAllWeights(asked));
    JobPlan plan = plan(rows, validation, asked);
    return asked instanceof TrainingMethod.Reinforcement drawing
        ? Estimate.of(plan, plan(drawing, rows.examples()), pace, probe.measureDrawing(base))
        : Estimate.of(plan, pace);
  }

  /// Whether nothing has to be measured for it.
  public static boolean known(TrainingMethod asked, PaceProbe probe, BaseModel base)
      throws IOException {
    boolean draws = asked instanceof TrainingMethod.Reinforcement;
    return probe.known(base, trainsAllWeights(asked)).isPresent()
        && (!draws || probe.knownDrawing(base).isPresent());
  }

  private static DrawingPlan plan(TrainingMethod.Reinforcement asked, int examples) {
    var resolved = (TrainingMethod.Reinforcement) AutoHyperparameters.resolve(asked, examples);
    return new DrawingPlan(
        resolved.sampling().group(),
        resolved.sampling().evalInterval().orElseThrow(),
        resolved.sampling().evalSamples().orElseThrow(),
        TrainingMethod.Reinforcement.ANSWER_TOKENS_MAX);
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
      if (!known(asked, probe, base(model))) {
        return Optional.empty();
      }
      return Optional.of(estimate(model, training, validation, asked));
    } catch (IOException | ApiException _) {
      return Optional.empty();
    }
  }

  /// What the reports on a job's files make of its settings.
  private static JobPlan plan(
      DataReport rows, Optional<DataReport> validation, TrainingMethod asked) {
    Hyperparameters settings = AutoHyperparameters.numbers(asked, rows.examples());
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

  @FunctionalInterface
  private interface Measuring {
    Estimate run() throws IOException, InterruptedException;
  }

  private static Estimate measured(Measuring measuring) {
    try {
      return measuring.run();
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
