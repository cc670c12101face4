package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.app.pace.MeasuredPace;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.estimate.Estimate;
import dev.luthier.platform.estimate.EstimateService;
import dev.luthier.platform.estimate.Pace;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.launch.WorkerKind;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a job would take on this machine, said on the command line.
final class Forecast {
  private static final double MEGABYTE = 1e6;

  private final Surroundings surroundings;
  private final Config config;

  Forecast(Surroundings surroundings, Config config) {
    this.surroundings = surroundings;
    this.config = config;
  }

  /// Measures the machine if nobody has, which takes some seconds.
  void print(DataReport rows, Optional<DataReport> validation, TrainingMethod method, boolean json)
      throws IOException, InterruptedException {
    if (method instanceof TrainingMethod.Reinforcement) {
      throw new CliException(ExitCode.USAGE, "Jobs of reinforcement are not estimated.");
    }
    if (!Bases.of(config).present(config.base())) {
      throw new CliException(
          ExitCode.FAILED,
          "The base "
              + config.base()
              + " is not in the data folder, so its tokens cannot be counted; `luthier serve`"
              + " fetches it.");
    }
    Pace pace = probe().measure(base(), trainsAllWeights(method));
    Estimate estimate = Estimate.of(EstimateService.plan(rows, validation, method), pace);
    if (json) {
      surroundings.out().println(Json.text(estimate));
      return;
    }
    Output.table(
        surroundings.out(),
        List.of(
            List.of("rows", "%,d".formatted(estimate.examples())),
            List.of(
                "steps",
                "%,d: %,d epochs, %,d rows a step"
                    .formatted(estimate.steps(), estimate.epochs(), estimate.batchSize())),
            List.of(
                "tokens",
                "%,d, %,d of them trained".formatted(estimate.tokens(), estimate.trainedTokens())),
            List.of("time", "about " + duration(estimate.seconds())),
            List.of("peak memory", "about %,.0f MB".formatted(estimate.peakBytes() / MEGABYTE))));
  }

  /// Empty when this machine was not measured yet, or the files have no good rows.
  Optional<Estimate> known(DataReport rows, Optional<DataReport> validation, TrainingMethod method)
      throws IOException {
    if (rows.lengths().isEmpty() || method instanceof TrainingMethod.Reinforcement) {
      return Optional.empty();
    }
    return probe()
        .known(base(), trainsAllWeights(method))
        .map(pace -> Estimate.of(EstimateService.plan(rows, validation, method), pace));
  }

  private static boolean trainsAllWeights(TrainingMethod method) {
    return method.hyperparameters().extensions().trainsAllWeights();
  }

  private MeasuredPace probe() {
    return new MeasuredPace(
        config.data(), () -> surroundings.servers().bench(config, WorkerKind.TRAINER), () -> false);
  }

  private BaseModel base() throws IOException {
    Path folder = Bases.of(config).folder(config.base());
    return new BaseModel(config.base(), Files.getLastModifiedTime(folder).toInstant(), folder);
  }

  /// Minutes and seconds, with hours when there are some.
  static String duration(double seconds) {
    long whole = Math.max(0, Math.round(seconds));
    return whole < 3600
        ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
  }
}
