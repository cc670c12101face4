package dev.luthier.app.cli;

import dev.luthier.app.bases.Bases;
import dev.luthier.app.config.Config;
import dev.luthier.app.pace.MeasuredPace;
import dev.luthier.platform.data.DataReport;
import dev.luthier.platform.estimate.Estimate;
import dev.luthier.platform.estimate.EstimateService;
import dev.luthier.platform.jobs.TrainingMethod;
import dev.luthier.platform.models.BaseModel;
import dev.luthier.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
    if (!Bases.of(config).present(config.base())) {
      throw new CliException(
          ExitCode.FAILED,
          "The base "
              + config.base()
              + " is not in the data folder, so its tokens cannot be counted; `luthier serve`"
              + " fetches it.");
    }
    Estimate estimate = EstimateService.estimate(rows, validation, method, probe(), base());
    if (json) {
      surroundings.out().println(Json.text(estimate));
      return;
    }
    Output.table(surroundings.out(), table(estimate));
    if (estimate.atMost()) {
      surroundings
          .out()
          .println(
              "Time and tokens are the most it can be; answers that end early make them less.");
    }
  }

  private static List<List<String>> table(Estimate estimate) {
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("rows", "%,d".formatted(estimate.examples())));
    table.add(
        List.of(
            "steps",
            "%,d: %,d epochs, %,d rows a step"
                .formatted(estimate.steps(), estimate.epochs(), estimate.batchSize())));
    if (estimate.answers() > 0) {
      table.add(List.of("answers", "%,d drawn in training".formatted(estimate.answers())));
    }
    table.add(
        List.of(
            "tokens",
            "%,d, %,d of them trained".formatted(estimate.tokens(), estimate.trainedTokens())));
    String about = estimate.atMost() ? "at most " : "about ";
    table.add(List.of("time", about + duration(estimate.seconds())));
    table.add(List.of("peak memory", "about %,.0f MB".formatted(estimate.peakBytes() / MEGABYTE)));
    return table;
  }

  /// Empty when this machine was not measured yet, or the files have no good rows.
  Optional<Estimate> known(DataReport rows, Optional<DataReport> validation, TrainingMethod method)
      throws IOException, InterruptedException {
    if (rows.lengths().isEmpty() || !EstimateService.known(method, probe(), base())) {
      return Optional.empty();
    }
    return Optional.of(EstimateService.estimate(rows, validation, method, probe(), base()));
  }

  private MeasuredPace probe() {
    return new MeasuredPace(
        config.data(), kind -> surroundings.servers().bench(config, kind), () -> false);
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
